// SPDX-License-Identifier: GPL-2.0
// Bug: a core dump ends at the first page that it cannot have
// Harm: what lies behind it is missing in the core
// Family: dump
// Killer: pfnmap_remote
// Verdict: killed
// File: fs/coredump.c
@@
identifier f = { dump_user_range };
@@
 f(...)
 {
  <+...
- dump_skip(cprm, PAGE_SIZE);
+ return 0;
  ...+>
 }
