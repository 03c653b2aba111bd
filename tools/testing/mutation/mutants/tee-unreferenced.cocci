// SPDX-License-Identifier: GPL-2.0
// Bug: tee() takes no reference to the page that both pipes have
// Harm: the page is free while a pipe still has it
// Family: splice
// Killer: pfnmap_splice
// Verdict: weak: the page is put twice, and the kernel stalls in the next test
// File: fs/splice.c
@@
identifier f = { link_pipe };
@@
 f(...)
 {
  <+...
- !pipe_buf_get(...)
+ 0
  ...+>
 }
