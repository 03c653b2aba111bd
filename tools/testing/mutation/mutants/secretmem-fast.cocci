// SPDX-License-Identifier: GPL-2.0
// Bug: 65291dcfcf89 reverted, CVE-2024-35872: the fast walk takes memfd_secret
// Harm: the same
// Family: gup secretmem
// Killer: pfnmap_gup
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { gup_fast_folio_allowed, gup_pte_range };
@@
 f(...)
 {
  <+...
(
- secretmem_mapping(mapping)
+ 0
|
- page_is_secretmem(page)
+ 0
)
  ...+>
 }
