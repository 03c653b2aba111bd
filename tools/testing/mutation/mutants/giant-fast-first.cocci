// SPDX-License-Identifier: GPL-2.0
// Bug: GUP-fast takes pages of 1 GiB as if they had 2 MiB
// Harm: other pages of the same memory are pinned
// Family: gup giant
// Killer: pfnmap_compound
// Verdict: killed
// File: mm/gup.c
@@
identifier f = gup_fast_pud_leaf;
@@
 f(...)
 {
  <...
(
- record_subpages(page, PUD_SIZE,
+ record_subpages(page, PMD_SIZE,
  ...)
|
- addr & ~PUD_MASK
+ addr & ~PMD_MASK
)
  ...>
 }
