// SPDX-License-Identifier: GPL-2.0
// Bug: check_vma_flags() lets VM_IO and VM_PFNMAP pass
// Harm: EEXIST where EFAULT was; what a driver inserted as pages is pinned
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
- if (vm_flags & (VM_IO | VM_PFNMAP))
- 	return -EFAULT;
  ...+>
 }
