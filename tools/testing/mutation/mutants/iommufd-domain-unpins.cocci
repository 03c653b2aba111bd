// SPDX-License-Identifier: GPL-2.0
// Bug: a domain that goes unpins the pages that another one has
// Harm: a device writes to memory that is somebody else's by now
// Family: iommufd keep
// Killer: pfnmap_iommufd
// Verdict: killed
// File: drivers/iommu/iommufd/io_pagetable.c
@@
identifier f = { iopt_unfill_domain };
expression area, domain;
@@
 f(...)
 {
  <+...
- iopt_area_unmap_domain(area, domain);
+ iopt_area_unfill_domain(area, area->pages, domain);
  ...+>
 }
