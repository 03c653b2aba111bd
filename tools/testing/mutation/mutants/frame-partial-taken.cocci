// SPDX-License-Identifier: GPL-2.0
// Bug: a frame is taken although not all of its pages were
// Harm: the device writes through pointers that nobody filled in
// Family: videobuf2 partial
// Killer: pfnmap_driver
// Verdict: killed
// File: drivers/media/common/videobuf2/videobuf2-memops.c
@@
identifier f = vb2_create_framevec;
@@
 f(...)
 {
  <+...
- ret != nr
+ ret <= 0
  ...+>
 }
