// SPDX-License-Identifier: GPL-2.0
// Bug: MADV_DOFORK undoes VM_DONTCOPY of VM_IO
// Harm: a child has what a driver keeps from it
// Family: madvise
// Killer: pfnmap_walk
// Verdict: killed
// File: mm/madvise.c
@@
identifier f = { madvise_vma_behavior };
@@
 f(...)
 {
  <+...
- vma->vm_flags & VM_IO
+ 0
  ...+>
 }
@@
identifier f = { madvise_vma_behavior };
@@
 f(...)
 {
  <+...
- if (new_flags & VM_SPECIAL)
-	return -EINVAL;
  new_flags &= ~VM_DONTCOPY;
  ...+>
 }
