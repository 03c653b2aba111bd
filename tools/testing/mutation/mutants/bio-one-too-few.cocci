// SPDX-License-Identifier: GPL-2.0
// Bug: a bio lets go of one page too few of each folio
// Harm: O_DIRECT pins for ever, a page at a time
// Family: bio
// Killer: pfnmap_direct_io
// Verdict: killed
// File: block/bio.c
@@
identifier f = { __bio_release_pages };
@@
 f(...)
 {
  <+...
(
- unpin_user_folio(fi.folio, nr_pages);
+ unpin_user_folio(fi.folio, nr_pages - 1);
|
- folio_put_refs(fi.folio, nr_pages);
+ folio_put_refs(fi.folio, nr_pages - 1);
)
  ...+>
 }
