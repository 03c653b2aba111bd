// SPDX-License-Identifier: GPL-2.0
// Bug: the slow walk takes pages of 1 GiB as if they had 2 MiB
// Harm: other pages of the same memory are pinned
// Family: gup giant
// Killer: pfnmap_compound
// Verdict: killed
// File: mm/gup.c
@@
identifier f = follow_huge_pud;
@@
 f(...)
 {
  <...
- addr & ~PUD_MASK
+ addr & ~PMD_MASK
  ...>
 }
