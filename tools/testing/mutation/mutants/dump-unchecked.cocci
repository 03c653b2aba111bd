// SPDX-License-Identifier: GPL-2.0
// Bug: get_dump_page() does not ask whether it got a page, the founding bug's mistake
// Harm: a core dump follows a pointer that was never set
// Family: dump
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { get_dump_page };
@@
 f(...)
 {
  <+...
- (ret == 1) ? page : NULL
+ page
  ...+>
 }
