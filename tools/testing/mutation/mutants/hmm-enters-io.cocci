// SPDX-License-Identifier: GPL-2.0
// Bug: mm/hmm.c enters vmas that are VM_IO or VM_PFNMAP
// Harm: RDMA on demand gives a device pages that are not the vma's to give
// Family: hmm
// Killer: pfnmap_net
// Verdict: killed
// File: mm/hmm.c
@has_do_fault@
identifier f = hmm_do_fault;
@@
 f(...) { ... }

@depends on has_do_fault@
identifier f = hmm_vma_walk_test;
expression e;
@@
 f(...)
 {
<...
- !(e->vm_flags & (VM_IO | VM_PFNMAP))
+ true
...>
 }
