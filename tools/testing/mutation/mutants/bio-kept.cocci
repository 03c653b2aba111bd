// SPDX-License-Identifier: GPL-2.0
// Bug: a bio does not let its pages go
// Harm: O_DIRECT pins for ever
// Family: bio
// Killer: pfnmap_direct_io
// Verdict: killed
// File: block/bio.c
@@
identifier f = { __bio_release_pages, bio_release_page };
@@
 f(...)
 {
  <+...
(
- unpin_user_folio(...);
|
- put_page(...);
|
- folio_put_refs(...);
)
  ...+>
 }
