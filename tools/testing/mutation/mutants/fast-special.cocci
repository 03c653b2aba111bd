// SPDX-License-Identifier: GPL-2.0
// Bug: the fast walk does not look for pte_special()
// Harm: pages[] has pointers to frames that have no struct page
// Family: gup fast
// Killer: pfnmap_gup
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { gup_fast_pte_range, gup_pte_range };
@@
 f(...)
 {
  <+...
- pte_special(pte)
+ 0
  ...+>
 }
