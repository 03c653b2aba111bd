// SPDX-License-Identifier: GPL-2.0
// Bug: FOLL_FORCE writes into the page of a file that is mapped privately
// Harm: Dirty COW: who may read a file writes it
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
- !page || !PageAnon(page) || !PageAnonExclusive(page)
+ !page || (PageAnon(page) && !PageAnonExclusive(page))
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
+ page && (!PageAnon(page) || PageAnonExclusive(page))
  ...+>
 }
