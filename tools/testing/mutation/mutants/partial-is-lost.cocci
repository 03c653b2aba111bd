// SPDX-License-Identifier: GPL-2.0
// Bug: an error after some pages hides how many were pinned
// Harm: they are never unpinned
// Family: gup count
// Killer: pfnmap_gup
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { __get_user_pages };
@@
 f(...)
 {
  <+...
- return i ? i : ret;
+ return ret ? ret : i;
  ...+>
 }
