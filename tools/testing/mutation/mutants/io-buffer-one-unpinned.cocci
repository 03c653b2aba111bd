// SPDX-License-Identifier: GPL-2.0
// Bug: only the first page of a registered buffer is unpinned
// Harm: pins leak with each unregistration
// Family: io_uring pins
// Killer: pfnmap_io_uring
// Verdict: killed
// File: io_uring/rsrc.c
@@
identifier f = { io_buffer_unmap, io_release_ubuf };
expression N;
identifier i;
statement S;
@@
 f(...)
 {
  <+...
- for (i = 0; i < N; i++) S
+ for (i = 0; i < 1; i++) S
  ...+>
 }
