// SPDX-License-Identifier: GPL-2.0
// Bug: put_vaddr_frames() keeps the last page
// Harm: a page that stays pinned for ever, with each frame
// Family: videobuf2
// Killer: pfnmap_driver
// Verdict: killed
// File: drivers/media/common/videobuf2/frame_vector.c
@@
identifier f = put_vaddr_frames;
@@
 f(...)
 {
  <+...
- unpin_user_pages(pages, vec->nr_frames);
+ unpin_user_pages(pages, vec->nr_frames - 1);
  ...+>
 }
