// SPDX-License-Identifier: GPL-2.0
// Bug: mm/hmm.c takes what vm_normal_page() has no page for
// Harm: RDMA on demand uses a struct page that is not there
// Family: hmm
// Killer: pfnmap_net
// Verdict: killed
// File: mm/hmm.c
@has_do_fault@
identifier f = hmm_do_fault;
@@
 f(...) { ... }

@depends on has_do_fault@
identifier f = hmm_vma_handle_pte;
expression a, b, c, d;
@@
 f(...)
 {
<...
- if (!vm_normal_page(a, b, c) && !is_zero_pfn(d)) { ... }
...>
 }
