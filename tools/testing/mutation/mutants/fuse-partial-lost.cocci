// SPDX-License-Identifier: GPL-2.0
// Bug: fuse_direct_io() gives up, and not back, what it got before a page that is refused
// Harm: good pages that stay pinned for ever
// Family: fuse partial
// Killer: pfnmap_direct_io
// Verdict: killed
// File: fs/fuse/file.c
@@
identifier f = fuse_direct_io;
@@
 f(...)
 {
  <+...
- err && !nbytes
+ err
  ...+>
 }
