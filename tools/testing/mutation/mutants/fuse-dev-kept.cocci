// SPDX-License-Identifier: GPL-2.0
// Bug: fuse_copy_finish() keeps the page of the server that it copied to or from
// Harm: a page that is never freed, with each request
// Family: fuse
// Killer: pfnmap_direct_io
// Verdict: killed
// File: fs/fuse/dev.c
@@
identifier f = fuse_copy_finish;
@@
 f(...)
 {
  <+...
- put_page(cs->pg);
+ ;
  ...+>
 }
