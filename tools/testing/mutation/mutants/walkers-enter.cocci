// SPDX-License-Identifier: GPL-2.0
// Bug: page walkers enter VM_PFNMAP
// Harm: /proc/PID/pagemap shows frames of devices, and other walkers take them for pages
// Family: vma walk
// Killer: pfnmap_vma
// Verdict: killed
// File: mm/pagewalk.c
@@
identifier f = walk_page_test;
identifier vma;
@@
 f(...)
 {
  <+...
- if (vma->vm_flags & VM_PFNMAP) { ... }
  ...+>
 }
