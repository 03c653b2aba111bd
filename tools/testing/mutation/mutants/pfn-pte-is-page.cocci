// SPDX-License-Identifier: GPL-2.0
// Bug: a special PTE is taken for the zero page and its PFN for a page
// Harm: pins, and frees, what has no struct page
// Family: gup special
// Killer: pfnmap_gup
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { follow_page_pte };
@@
 f(...)
 {
  <+...
- is_zero_pfn(pte_pfn(pte))
+ 1
  ...+>
 }
