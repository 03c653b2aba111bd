// SPDX-License-Identifier: GPL-2.0
// Bug: the pages of an area are looked for in a domain that is gone
// Harm: other pages are unpinned than those that were pinned
// Family: iommufd keep
// Killer: pfnmap_iommufd
// Verdict: weak: the kernel dies of the domain that is gone
// File: drivers/iommu/iommufd/io_pagetable.c
@@
identifier f = { iopt_unfill_domain };
expression area, storage;
@@
 f(...)
 {
  <+...
- area->storage_domain = storage;
+ ;
  ...+>
 }
