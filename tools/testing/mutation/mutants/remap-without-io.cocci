// SPDX-License-Identifier: GPL-2.0
// Bug: remap_pfn_range() forgets VM_IO
// Harm: a core dump, ptrace() and madvise() take a device for memory
// Family: vma flags
// Killer: pfnmap_vma
// Verdict: killed
// File: mm/memory.c
@@
expression vma;
@@
(
- vma->vm_flags |= VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
+ vma->vm_flags |= VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
|
- vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
+ vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
)
