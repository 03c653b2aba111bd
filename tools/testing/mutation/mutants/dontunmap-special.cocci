// SPDX-License-Identifier: GPL-2.0
// Bug: MREMAP_DONTUNMAP takes VM_PFNMAP and VM_DONTEXPAND
// Harm: the vma that stays faults in a driver that thinks it is gone
// Family: vma mremap
// Killer: pfnmap_vma
// Verdict: killed
// File: mm/mremap.c
@@
identifier f = { vma_to_resize, check_prep_vma };
expression e;
@@
 f(...)
 {
  <+...
- e & MREMAP_DONTUNMAP
+ 0
  ...+>
 }
