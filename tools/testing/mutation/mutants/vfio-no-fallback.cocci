// SPDX-License-Identifier: GPL-2.0
// Bug: 41311242221e reverted: no PFN fallback
// Harm: no device can reach another one's BAR
// Family: vfio fallback
// Killer: pfnmap_vfio
// Verdict: killed
// File: drivers/vfio/vfio_iommu_type1.c
@@
identifier f = { vaddr_get_pfns };
@@
 f(...)
 {
  <+...
- vma && vma->vm_flags & VM_PFNMAP
+ 0
  ...+>
 }
