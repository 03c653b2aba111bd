// SPDX-License-Identifier: GPL-2.0
// Bug: PAGEMAP_SCAN enters VM_PFNMAP
// Harm: what tracks the memory of a process takes frames of devices for its pages
// Family: vma walk
// Killer: pfnmap_vma
// Verdict: killed
// File: fs/proc/task_mmu.c
@@
identifier f = pagemap_scan_test_walk;
identifier vma;
@@
 f(...)
 {
  <+...
- if (vma->vm_flags & VM_PFNMAP)
-  return 1;
  ...+>
 }
