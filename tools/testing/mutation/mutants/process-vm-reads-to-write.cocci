// SPDX-License-Identifier: GPL-2.0
// Bug: process_vm_writev() pins for reading
// Harm: it writes into read-only memory of another process
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
- flags |= FOLL_WRITE;
+ ;
  ...+>
 }
