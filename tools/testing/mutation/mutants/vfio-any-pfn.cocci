// SPDX-License-Identifier: GPL-2.0
// Bug: the PFN fallback takes frames that can be freed
// Harm: a device writes to memory that is another's by then
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
- is_invalid_reserved_pfn(*pfn)
+ 1
  ...+>
 }
