// SPDX-License-Identifier: GPL-2.0
// Bug: lasting pins of filesystem DAX are not refused
// Harm: truncate() waits for ever, or frees what a device writes to
// Family: gup dax
// Killer: pfnmap_io_uring
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { check_vma_flags };
@@
 f(...)
 {
  <+...
- (gup_flags & FOLL_LONGTERM) && vma_is_fsdax(vma)
+ 0
  ...+>
 }
