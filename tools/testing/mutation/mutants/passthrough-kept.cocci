// SPDX-License-Identifier: GPL-2.0
// Bug: a command of SG_IO keeps the pages before one that is refused
// Harm: memory that nobody can free any more, with each refused command
// Family: passthrough
// Killer: pfnmap_direct_io
// Verdict: killed
// File: block/blk-map.c
@ since_6_14 @
identifier f = bio_map_user_iov;
@@
 f(...)
 {
  <+...
  bio_iov_iter_get_pages(...)
  ...+>
 }

@ depends on since_6_14 @
identifier f = blk_rq_map_user_iov;
@@
 f(...)
 {
  <+...
- blk_rq_unmap_user(...);
  ...+>
 }

@ depends on !since_6_14 @
identifier f = bio_map_user_iov;
@@
 f(...)
 {
  <+...
- bio_release_pages(bio, false);
  ...+>
 }
