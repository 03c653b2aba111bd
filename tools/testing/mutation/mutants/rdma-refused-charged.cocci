// SPDX-License-Identifier: GPL-2.0
// Bug: a memory region that is refused stays charged
// Harm: RLIMIT_MEMLOCK is used up by nothing
// Family: rdma
// Killer: pfnmap_net
// Verdict: killed
// File: drivers/infiniband/core/umem.c
@@
identifier f = { ib_umem_get, __ib_umem_get_va };
expression e;
@@
 f(...)
 {
  <+...
- atomic64_sub(ib_umem_num_pages(e), &mm->pinned_vm);
  ...+>
 }
