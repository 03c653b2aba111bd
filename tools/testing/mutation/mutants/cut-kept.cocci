// SPDX-License-Identifier: GPL-2.0
// Bug: the pages of what is no whole block of the disk are not given back
// Harm: O_DIRECT pins for ever
// Family: bio
// Killer: pfnmap_cut
// Verdict: killed
// File: block/bio.c
@@
identifier f = { bio_iov_iter_align_down };
@@
 f(...)
 {
  <+...
- unpin_user_page(...);
+ ;
  ...+>
 }

@@
identifier f = { __bio_iov_iter_get_pages };
expression i, nr_pages;
@@
 f(...)
 {
  <+...
- while (i < nr_pages)
+ while (i < nr_pages - 1)
  	bio_release_page(...);
  ...+>
 }
