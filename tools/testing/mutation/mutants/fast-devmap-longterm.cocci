// SPDX-License-Identifier: GPL-2.0
// Bug: the fast walk takes DAX for long
// Harm: the same
// Family: gup dax
// Killer: pfnmap_gup
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { gup_fast_pte_range, gup_pte_range };
@@
 f(...)
 {
  <+...
- unlikely(flags & FOLL_LONGTERM)
+ 0
  ...+>
 }
