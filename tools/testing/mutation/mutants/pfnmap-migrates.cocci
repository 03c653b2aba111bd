// SPDX-License-Identifier: GPL-2.0
// Bug: move_pages() takes VM_IO and VM_PFNMAP
// Harm: memory of a device is moved away from it
// Family: migrate
// Killer: pfnmap_remote
// Verdict: killed
// File: mm/mempolicy.c
@@
identifier f = { vma_migratable };
@@
 f(...)
 {
  <+...
- vma->vm_flags & (VM_IO | VM_PFNMAP)
+ 0
  ...+>
 }
