// SPDX-License-Identifier: GPL-2.0
// Bug: a vector's part begins with the first page of its registered buffer
// Harm: I/O moves bytes of another page
// Family: io_uring data
// Killer: pfnmap_io_uring
// Verdict: killed
// File: io_uring/rsrc.c
@@
identifier f = { io_vec_fill_bvec };
expression src, imu, offset;
@@
 f(...)
 {
  <+...
- src = imu->bvec + (offset >> imu->folio_shift);
+ src = imu->bvec;
  ...+>
 }
