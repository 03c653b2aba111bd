// SPDX-License-Identifier: GPL-2.0
// Bug: FOLL_FORCE writes into a page that a child has, too
// Harm: a debugger writes into the memory of another process
// Family: gup force
// Killer: pfnmap_force
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { can_follow_write_pte, can_follow_write_pmd, can_follow_write_common };
expression page;
@@
 f(...)
 {
  <+...
- !PageAnonExclusive(page)
+ 0
  ...+>
 }
@@
identifier f = { can_follow_write_pte, can_follow_write_pmd, can_follow_write_common };
expression page;
@@
 f(...)
 {
  <+...
- page && PageAnon(page) && PageAnonExclusive(page)
+ page && PageAnon(page)
  ...+>
 }
