// SPDX-License-Identifier: GPL-2.0
// Bug: an unregistered buffer stays charged
// Harm: RLIMIT_MEMLOCK is used up by nothing
// Family: io_uring charge
// Killer: pfnmap_memlock
// Verdict: killed
// File: io_uring/rsrc.c
@@
identifier f = { io_buffer_unmap };
expression a, b;
@@
 f(...)
 {
  <+...
- io_unaccount_mem(a, b);
  ...+>
 }
@@
identifier f = { io_buffer_unmap };
expression a, b, c;
@@
 f(...)
 {
  <+...
- io_unaccount_mem(a, b, c);
+ ;
  ...+>
 }
