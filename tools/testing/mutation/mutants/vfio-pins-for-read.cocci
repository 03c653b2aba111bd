// SPDX-License-Identifier: GPL-2.0
// Bug: what a device may write is pinned for reading
// Harm: a device writes to read-only and shared COW pages
// Family: vfio pins
// Killer: pfnmap_vfio
// Verdict: killed
// File: drivers/vfio/vfio_iommu_type1.c
@@
identifier f = { vaddr_get_pfns };
@@
 f(...)
 {
  <+...
- flags |= FOLL_WRITE;
+ ;
  ...+>
 }
