// SPDX-License-Identifier: GPL-2.0
// Bug: vb2_create_framevec() keeps the pages before one that is refused
// Harm: good pages that stay pinned for ever
// Family: videobuf2
// Verdict: killed
// File: drivers/media/common/videobuf2/videobuf2-memops.c
@@
identifier f = vb2_create_framevec;
@@
 f(...)
 {
  <+...
- put_vaddr_frames(vec);
  ...+>
 }
