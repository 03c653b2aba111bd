// SPDX-License-Identifier: GPL-2.0
// Bug: /proc/PID/mem does not override protection
// Harm: debuggers cannot set breakpoints
// Family: remote
// Killer: pfnmap_remote
// Verdict: killed
// File: fs/proc/base.c
@@
identifier f = { mem_rw };
@@
 f(...)
 {
  <+...
- flags |= FOLL_FORCE;
+ ;
  ...+>
 }
