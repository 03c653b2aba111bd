// SPDX-License-Identifier: GPL-2.0
// Bug: fork() copies VM_DONTCOPY
// Harm: a child has what a driver keeps from it
// Family: fork
// Killer: pfnmap_lifecycle
// Verdict: killed
// File: kernel/fork.c mm/mmap.c
@@
identifier f = { dup_mmap };
@@
 f(...)
 {
  <+...
- mpnt->vm_flags & VM_DONTCOPY
+ 0
  ...+>
 }
@@
identifier f = { dup_mmap };
@@
 f(...)
 {
  <+...
- vma_test(mpnt, VMA_DONTCOPY_BIT)
+ 0
  ...+>
 }
