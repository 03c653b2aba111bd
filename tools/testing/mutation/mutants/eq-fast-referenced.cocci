// SPDX-License-Identifier: GPL-2.0
// Bug: the fast walk does not mark the page referenced
// Harm: none: only reclaim looks
// Family: equivalent
// Verdict: equivalent: the referenced bit changes no result
// File: mm/gup.c
@@
identifier f = { gup_fast_pte_range, gup_pte_range };
@@
 f(...)
 {
  <+...
- folio_set_referenced(folio);
  ...+>
 }
