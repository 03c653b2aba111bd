// SPDX-License-Identifier: GPL-2.0
// Bug: an update of buffers that did some says that it did none
// Harm: the caller registers them again, over itself
// Family: io_uring update
// Killer: pfnmap_io_uring
// Verdict: killed
// File: io_uring/rsrc.c
@@
identifier f = { __io_sqe_buffers_update };
@@
 f(...)
 {
  <+...
- return done ? done : err;
+ return err ? err : done;
  ...+>
 }
