// SPDX-License-Identifier: GPL-2.0
// Bug: the PFN fallback takes the next frame
// Harm: a device reads and writes the wrong memory
// Family: vfio fallback
// Killer: pfnmap_vfio
// Verdict: killed
// File: drivers/vfio/vfio_iommu_type1.c
@@
identifier f = { follow_fault_pfn };
@@
 f(...)
 {
  <+...
(
- *pfn = args.pfn;
+ *pfn = args.pfn + 1;
|
- *pfn = pte_pfn(*ptep);
+ *pfn = pte_pfn(*ptep) + 1;
)
  ...+>
 }
