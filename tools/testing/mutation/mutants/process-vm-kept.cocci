// SPDX-License-Identifier: GPL-2.0
// Bug: process_vm_readv() does not unpin
// Harm: pages of another process pinned for ever
// Family: process_vm
// Killer: pfnmap_remote
// Verdict: killed
// File: mm/process_vm_access.c
@@
identifier f = process_vm_rw_single_vec;
@@
 f(...)
 {
  <+...
- unpin_user_pages_dirty_lock(...);
  ...+>
 }
