// SPDX-License-Identifier: GPL-2.0
// Bug: a core dump does not let its pages go
// Harm: shared memory that a crashed process had is never freed
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
- put_page(page);
  ...+>
 }
