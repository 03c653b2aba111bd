// SPDX-License-Identifier: GPL-2.0
// Bug: the charge of a buffer that two rings share goes with the first one that gives it up
// Harm: memory is pinned beyond RLIMIT_MEMLOCK
// Family: io_uring charge
// Killer: pfnmap_clone
// Verdict: killed
// File: io_uring/rsrc.c
@ since_7_2 @
identifier f = { io_buffer_unmap };
identifier ctx, pages;
@@
 f(struct io_ring_ctx *ctx, ...)
 {
  <+...
  pages = io_buffer_unaccount_pages(...);
+ if (pages)
+ 	io_unaccount_mem(ctx->user, ctx->mm_account, pages);
+ pages = 0;
  ...+>
 }

@ depends on !since_7_2 @
identifier f = { io_buffer_unmap };
identifier ctx;
expression imu;
@@
 f(struct io_ring_ctx *ctx, ...)
 {
  <+...
+ if (imu->acct_pages)
+ 	io_unaccount_mem(ctx, imu->acct_pages);
+ imu->acct_pages = 0;
  if (!refcount_dec_and_test(&imu->refs))
  	return;
  ...+>
 }
