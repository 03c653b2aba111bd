// SPDX-License-Identifier: GPL-2.0
// Bug: a poisoned page is a page that is not there
// Harm: MADV_POPULATE_READ and KVM do not tell that memory is broken
// Family: poison
// Killer: pfnmap_walk
// Verdict: killed
// File: mm/memory.c
@@
identifier f = handle_pte_marker;
@@
 f(...)
 {
  <...
- VM_FAULT_HWPOISON
+ VM_FAULT_SIGBUS
  ...>
 }
