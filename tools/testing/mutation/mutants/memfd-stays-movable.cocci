// SPDX-License-Identifier: GPL-2.0
// Bug: pages of a memfd stay in ZONE_MOVABLE for the long term
// Harm: memory cannot be unplugged, CMA cannot be allocated
// Family: memfd movable
// Killer: pfnmap_memfd
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { memfd_pin_folios };
@@
 f(...)
 {
  <+...
- check_and_migrate_movable_folios(...)
+ 0
  ...+>
 }
