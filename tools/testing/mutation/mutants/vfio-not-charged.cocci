// SPDX-License-Identifier: GPL-2.0
// Bug: what vfio pins is not charged
// Harm: RLIMIT_MEMLOCK means nothing
// Family: vfio charge
// Killer: pfnmap_vfio
// Verdict: killed
// File: drivers/vfio/vfio_iommu_type1.c
@@
identifier f = { vfio_pin_pages_remote };
@@
 f(...)
 {
  <+...
- lock_acct++;
+ ;
  ...+>
 }
@@
identifier f = { vfio_pin_pages_remote };
@@
 f(...)
 {
  <+...
- lock_acct += acct_pages;
+ ;
  ...+>
 }
