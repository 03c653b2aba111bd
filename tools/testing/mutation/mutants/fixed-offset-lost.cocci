// SPDX-License-Identifier: GPL-2.0
// Bug: a command with a part of a registered buffer moves the buffer's start
// Harm: bytes of other memory are written to the disk
// Family: bio
// Killer: pfnmap_compound
// Verdict: killed
// File: block/bio.c
@@
expression bio, iter;
@@
- bio->bi_iter.bi_bvec_done = iter->iov_offset;
+ bio->bi_iter.bi_bvec_done = 0;
