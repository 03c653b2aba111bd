// SPDX-License-Identifier: GPL-2.0
// Bug: GUP does not allow a fault to give up the mmap lock and to be tried again
// Harm: memory of userfaultfd is refused
// Family: gup retry
// Killer: pfnmap_retry
// Verdict: killed
// File: mm/gup.c
@@
identifier f = faultin_page;
expression flags;
@@
 f(...)
 {
  <+...
- flags |= FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_KILLABLE;
+ flags |= FAULT_FLAG_KILLABLE;
  ...+>
 }
