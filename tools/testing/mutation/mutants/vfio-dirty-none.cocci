// SPDX-License-Identifier: GPL-2.0
// Bug: no page of a device without dirty bits is reported dirty
// Harm: a virtual machine that moves loses what the device wrote
// Family: vfio dirty
// Killer: pfnmap_type1
// Verdict: killed
// File: drivers/vfio/vfio_iommu_type1.c
@@
identifier f = { update_user_bitmap };
@@
 f(...)
 {
  <+...
- bitmap_set(...);
+ ;
  ...+>
 }
