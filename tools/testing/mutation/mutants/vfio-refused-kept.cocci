// SPDX-License-Identifier: GPL-2.0
// Bug: what was mapped before a refusal is not unpinned
// Harm: pages pinned for ever
// Family: vfio pins
// Killer: pfnmap_vfio
// Verdict: killed
// File: drivers/vfio/vfio_iommu_type1.c
@@
identifier f = vfio_pin_pages_remote;
@@
 f(...)
 {
  <+...
  for (pfn = *pfn_base; pinned; pfn++, pinned--)
- put_pfn(pfn, dma->prot);
+ ;
  ...+>
 }
