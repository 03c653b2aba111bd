// SPDX-License-Identifier: GPL-2.0
// Bug: check_vma_flags() forgets VM_PFNMAP
// Harm: the walk enters vmas that have no pages
// Family: gup vma
// Killer: pfnmap_gup
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { check_vma_flags };
@@
 f(...)
 {
  <+...
- vm_flags & (VM_IO | VM_PFNMAP)
+ vm_flags & VM_IO
  ...+>
 }
