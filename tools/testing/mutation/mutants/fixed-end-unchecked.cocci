// SPDX-License-Identifier: GPL-2.0
// Bug: I/O by a registered buffer goes on beyond its end
// Harm: a ring reaches pages that were never pinned for it
// Family: io_uring data
// Killer: pfnmap_fixed
// Verdict: weak: the buffer's bvecs end there, and the kernel dies of what is behind them
// File: io_uring/rsrc.c
@@
identifier f = { io_import_fixed, validate_fixed_range };
identifier imu;
expression addr, end;
@@
 f(..., struct io_mapped_ubuf *imu, ...)
 {
  <+...
- addr < imu->ubuf || end > (imu->ubuf + imu->len)
+ addr < imu->ubuf
  ...+>
 }
@@
identifier f = { validate_fixed_range };
identifier imu;
expression addr, end;
@@
 f(..., const struct io_mapped_ubuf *imu)
 {
  <+...
- addr < imu->ubuf || end > (imu->ubuf + imu->len)
+ addr < imu->ubuf
  ...+>
 }
