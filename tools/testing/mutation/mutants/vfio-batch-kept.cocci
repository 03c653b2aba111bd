// SPDX-License-Identifier: GPL-2.0
// Bug: what is left of a batch is not unpinned when mapping fails
// Harm: pages pinned for ever
// Family: vfio pins
// Killer: pfnmap_vfio
// Verdict: killed
// File: drivers/vfio/vfio_iommu_type1.c
@@
identifier f = { vfio_batch_unpin };
@@
 f(...)
 {
  <+...
- put_pfn(pfn, dma->prot);
+ ;
  ...+>
 }
