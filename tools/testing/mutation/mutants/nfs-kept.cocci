// SPDX-License-Identifier: GPL-2.0
// Bug: nfs_direct_release_pages() gives nothing back
// Harm: memory that is never freed, with each call
// Family: nfs
// Killer: pfnmap_direct_io
// Verdict: killed
// File: fs/nfs/direct.c
@@
identifier f = nfs_direct_release_pages;
@@
 f(...)
 {
  <+...
- put_page(...);
+ ;
  ...+>
 }
