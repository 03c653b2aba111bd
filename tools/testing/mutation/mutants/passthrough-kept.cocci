// SPDX-License-Identifier: GPL-2.0
// Bug: bio_map_user_iov() keeps the pages before one that is refused
// Harm: memory that nobody can free any more, with each refused command
// Family: passthrough
// Verdict: killed
// File: block/blk-map.c
@@
identifier f = bio_map_user_iov;
@@
 f(...)
 {
  <+...
- bio_release_pages(bio, false);
  ...+>
 }
