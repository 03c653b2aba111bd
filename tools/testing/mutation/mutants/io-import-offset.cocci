// SPDX-License-Identifier: GPL-2.0
// Bug: I/O by a registered buffer begins at the page, not at the byte
// Harm: other bytes than asked for are read and written
// Family: io_uring data
// Killer: pfnmap_io_uring
// Verdict: killed
// File: io_uring/rsrc.c
@@
identifier f = { io_import_fixed };
@@
 f(...)
 {
  <+...
- offset = buf_addr - imu->ubuf;
+ offset = (buf_addr - imu->ubuf) & PAGE_MASK;
  ...+>
 }
