// SPDX-License-Identifier: GPL-2.0
// Bug: every batch begins as far into its first page as the first one did
// Harm: other bytes than asked for, in long calls off a page's start
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
- start_offset = 0;
  ...+>
 }
