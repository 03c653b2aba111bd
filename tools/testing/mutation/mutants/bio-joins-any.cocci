// SPDX-License-Identifier: GPL-2.0
// Bug: a bio joins pages that do not lie side by side
// Harm: O_DIRECT moves data of other pages
// Family: bio
// Killer: pfnmap_compound
// Verdict: killed
// File: block/bio.c
@@
identifier f = { page_is_mergeable, bvec_try_merge_page };
expression a, b, c;
statement S;
@@
 f(...)
 {
  <+...
- if (a + 1 != b + c) S
  ...+>
 }
