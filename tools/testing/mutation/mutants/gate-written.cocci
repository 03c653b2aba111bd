// SPDX-License-Identifier: GPL-2.0
// Bug: the gate page may be pinned for writing
// Harm: user space changes a page of the kernel
// Family: gup gate
// Killer: pfnmap_gup
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { get_gate_page };
@@
 f(...)
 {
  <+...
- gup_flags & FOLL_WRITE
+ 0
  ...+>
 }
