// SPDX-License-Identifier: GPL-2.0
// Bug: a memory region that is refused stays pinned in part
// Harm: pages pinned for ever
// Family: rdma
// Killer: pfnmap_net
// Verdict: killed
// File: drivers/infiniband/core/umem.c
@@
identifier f = { ib_umem_get, __ib_umem_get_va };
@@
 f(...)
 {
  <+...
- __ib_umem_release(...);
  ...+>
 }
