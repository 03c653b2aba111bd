// SPDX-License-Identifier: GPL-2.0
// Bug: the PFN fallback does not ask whether the PTE is writable
// Harm: a device writes to what its owner may only read
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
- write_fault && !args.writable
+ 0
|
- write_fault && !pte_write(*ptep)
+ 0
)
  ...+>
 }
