// SPDX-License-Identifier: GPL-2.0
// Bug: the second batch is the first one again
// Harm: other bytes than asked for, in long calls
// Family: process_vm
// Killer: pfnmap_remote
// Verdict: killed
// File: mm/process_vm_access.c
@@
identifier f = { process_vm_rw_single_vec };
@@
 f(...)
 {
  <+...
- pa += pinned_pages * PAGE_SIZE;
  ...+>
 }
