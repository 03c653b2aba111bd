// SPDX-License-Identifier: GPL-2.0
// Bug: each page of a buffer is charged twice
// Harm: half of RLIMIT_MEMLOCK can be used
// Family: io_uring charge
// Killer: pfnmap_memlock
// Verdict: killed
// File: io_uring/rsrc.c
@@
identifier f = io_buffer_account_pin;
expression e;
@@
 f(...)
 {
  <+...
- e->acct_pages++;
+ e->acct_pages += 2;
  ...+>
 }
@@
identifier f = io_buffer_account_pin;
@@
 f(...)
 {
  <+...
- acct_pages++;
+ acct_pages += 2;
  ...+>
 }
