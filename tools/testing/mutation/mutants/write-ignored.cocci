// SPDX-License-Identifier: GPL-2.0
// Bug: check_vma_flags() does not ask for VM_WRITE
// Harm: a kernel writes into what its owner may only read
// Family: gup protection
// Killer: pfnmap_gup
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { check_vma_flags };
@@
 f(...)
 {
  <+...
- !(vm_flags & VM_WRITE)
+ 0
  ...+>
 }
