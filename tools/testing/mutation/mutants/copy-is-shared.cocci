// SPDX-License-Identifier: GPL-2.0
// Bug: a fork does not protect the writable copies in a private VM_PFNMAP vma
// Harm: parent and child write to one page
// Family: private fork
// Killer: pfnmap_private
// Verdict: killed
// File: mm/memory.c
@@
expression vma, pte, flags;
@@
(
- is_cow_mapping(flags) && pte_write(pte)
+ is_cow_mapping(flags) && !(flags & VM_PFNMAP) && pte_write(pte)
|
- vma_is_cow_mapping(vma) && writable
+ vma_is_cow_mapping(vma) && !(vma->vm_flags & VM_PFNMAP) && writable
)
