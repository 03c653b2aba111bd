// SPDX-License-Identifier: GPL-2.0
// Bug: a futex in read-only memory is not looked up for reading
// Harm: FUTEX_WAKE fails on what worked
// Family: futex
// Killer: pfnmap_futex
// Verdict: killed
// File: kernel/futex/core.c
@@
identifier f = { get_futex_key };
@@
 f(...)
 {
  <+...
- err == -EFAULT && rw == FUTEX_READ
+ 0
  ...+>
 }
