// SPDX-License-Identifier: GPL-2.0
// Bug: 1027e4436b6a reverted: a walk without pages[] fails at a PTE without struct page, too
// Harm: mlock() and MAP_POPULATE fail over DAX and driver memory
// Family: gup walk
// Killer: pfnmap_walk
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { __get_user_pages };
@@
 f(...)
 {
  <+...
- if (pages) {
- 	ret = PTR_ERR(page);
- 	goto out;
- }
+ ret = PTR_ERR(page);
+ goto out;
  ...+>
 }
