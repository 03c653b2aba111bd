// SPDX-License-Identifier: GPL-2.0
// Bug: the pages of one queue are kept when those of the other one are refused
// Harm: memory that is never freed
// Family: vmci
// Killer: pfnmap_driver
// Verdict: killed
// File: drivers/misc/vmw_vmci/vmci_queue_pair.c
@@
identifier f = qp_host_get_user_memory;
@@
 f(...)
 {
  <+...
- qp_release_pages(produce_q->kernel_if->u.h.header_page, produce_q->kernel_if->num_pages, false);
  ...+>
 }
