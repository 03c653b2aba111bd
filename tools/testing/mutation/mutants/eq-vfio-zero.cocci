// SPDX-License-Identifier: GPL-2.0
// Bug: no pinned pages are taken for some
// Harm: none
// Family: equivalent
// Verdict: equivalent: pin_user_pages_remote() of at least one page never returns 0
// File: drivers/vfio/vfio_iommu_type1.c
@@
identifier f = { vaddr_get_pfns };
@@
 f(...)
 {
  <+...
- ret > 0
+ ret >= 0
  ...+>
 }
