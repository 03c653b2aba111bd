// SPDX-License-Identifier: GPL-2.0
// Bug: a short walk that ended in an error says that it took all
// Harm: slots of pages[] that were never written are used
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
+ return i ? i + nr_pages : ret;
  ...+>
 }
