// SPDX-License-Identifier: GPL-2.0
// Bug: mremap() grows VM_PFNMAP
// Harm: pages beyond what the driver gave
// Family: mremap
// Killer: pfnmap_lifecycle
// Verdict: killed
// File: mm/mremap.c
@@
identifier f = { vma_to_resize, resize_is_valid, check_prep_vma };
@@
 f(...)
 {
  <+...
- vma->vm_flags & (VM_DONTEXPAND | VM_PFNMAP)
+ 0
  ...+>
 }
@@
identifier f = { check_prep_vma };
@@
 f(...)
 {
  <+...
- vma_test_any(vma, VMA_DONTEXPAND_BIT, VMA_PFNMAP_BIT)
+ 0
  ...+>
 }
