// SPDX-License-Identifier: GPL-2.0
// Bug: who takes DMA memory over from another process is not charged
// Harm: RLIMIT_MEMLOCK means nothing, and the count wraps
// Family: vfio charge
// Killer: pfnmap_type1
// Verdict: killed
// File: drivers/vfio/vfio_iommu_type1.c
@@
identifier f = { vfio_change_dma_owner };
expression ret, task, mm, cap, npage;
@@
 f(...)
 {
  <+...
- ret = mm_lock_acct(task, mm, cap, npage);
+ ret = 0;
  ...+>
 }
