// SPDX-License-Identifier: GPL-2.0
// Bug: who hands DMA memory over to another process is charged on
// Harm: RLIMIT_MEMLOCK is used up by memory that others have
// Family: vfio charge
// Killer: pfnmap_type1
// Verdict: killed
// File: drivers/vfio/vfio_iommu_type1.c
@@
identifier f = { vfio_change_dma_owner };
expression npage;
@@
 f(...)
 {
  <+...
- mm_lock_acct(..., -npage);
+ ;
  ...+>
 }
