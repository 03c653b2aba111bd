// SPDX-License-Identifier: GPL-2.0
// Bug: the fast walk takes a read-only PTE for writing
// Harm: a kernel writes into what its owner may only read, and into shared COW pages
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
- pte_access_permitted(pte, flags & FOLL_WRITE)
+ pte_access_permitted(pte, 0)
  ...+>
 }
