// SPDX-License-Identifier: GPL-2.0
// Bug: a frame behind a PUD is looked for as if the PUD mapped 2 MiB
// Harm: KVM and vfio map another part of a BAR
// Family: follow_pfnmap
// Killer: pfnmap_giant
// Verdict: killed
// File: mm/memory.c
@@
identifier f = follow_pfnmap_start;
@@
 f(...)
 {
  <...
- PUD_MASK
+ PMD_MASK
  ...>
 }
