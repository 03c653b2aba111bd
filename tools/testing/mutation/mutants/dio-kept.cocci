// SPDX-License-Identifier: GPL-2.0
// Bug: dio_bio_complete() keeps the pages of a bio
// Harm: memory that is never freed, with each call
// Family: fat
// Killer: pfnmap_direct_io
// Verdict: killed
// File: fs/direct-io.c
@@
identifier f = dio_bio_complete;
@@
 f(...)
 {
  <+...
- bio_release_pages(bio, should_dirty);
+ ;
  ...+>
 }
