// SPDX-License-Identifier: GPL-2.0
// Bug: what memfd_pin_folios() had pinned is kept when it fails
// Harm: a user without rights takes memory until reboot
// Family: memfd keep
// Killer: pfnmap_memfd
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { memfd_pin_folios };
@@
 f(...)
 {
  <+...
- unpin_folios(...);
  ...+>
 }
