// SPDX-License-Identifier: GPL-2.0
// Bug: no pinned pages are not taken for an error
// Harm: none
// Family: equivalent
// Verdict: equivalent: with locked set, __get_user_pages_locked() never returns 0
// File: mm/process_vm_access.c
@@
identifier f = { process_vm_rw_single_vec };
@@
 f(...)
 {
  <+...
- pinned_pages <= 0
+ pinned_pages < 0
  ...+>
 }
