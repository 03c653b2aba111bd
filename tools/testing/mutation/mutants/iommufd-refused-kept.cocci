// SPDX-License-Identifier: GPL-2.0
// Bug: what iommufd pinned before a refusal stays pinned
// Harm: pages pinned for ever
// Family: iommufd
// Killer: pfnmap_vfio
// Verdict: killed
// File: drivers/iommu/iommufd/pages.c
@@
identifier f = pfn_reader_release_pins;
@@
 f(...)
 {
  <+...
- pfn_reader_unpin(...);
  ...+>
 }
