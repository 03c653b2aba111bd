// SPDX-License-Identifier: GPL-2.0
// Bug: vmci_ctx_unset_notify() keeps the page
// Harm: memory that is never freed, with each context that wants to be told
// Family: vmci
// Killer: pfnmap_driver
// Verdict: killed
// File: drivers/misc/vmw_vmci/vmci_context.c
@@
identifier f = vmci_ctx_unset_notify;
@@
 f(...)
 {
  <+...
- put_page(notify_page);
  ...+>
 }
