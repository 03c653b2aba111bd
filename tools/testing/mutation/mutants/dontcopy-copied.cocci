// SPDX-License-Identifier: GPL-2.0
// Bug: fork() copies VM_DONTCOPY
// Harm: a child has what a driver keeps from it
// Family: fork
// Verdict: killed
// File: kernel/fork.c
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
