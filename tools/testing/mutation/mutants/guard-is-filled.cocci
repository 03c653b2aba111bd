// SPDX-License-Identifier: GPL-2.0
// Bug: a fault fills a guard
// Harm: a guard region does not guard
// Family: guard
// Killer: pfnmap_remote
// Verdict: killed
// File: mm/memory.c
@@
identifier f = { handle_pte_marker };
@@
 f(...)
 {
  <+...
- return VM_FAULT_SIGSEGV;
+ return pte_marker_clear(vmf);
  ...+>
 }
