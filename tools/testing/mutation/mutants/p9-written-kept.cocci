// SPDX-License-Identifier: GPL-2.0
// Bug: p9_virtio_zc_request() keeps the pages that it wrote from
// Harm: memory that is never freed, with each write
// Family: 9p
// Killer: pfnmap_direct_io
// Verdict: killed
// File: net/9p/trans_virtio.c
@@
identifier f = p9_virtio_zc_request;
@@
 f(...)
 {
  <+...
- p9_release_pages(out_pages, out_nr_pages);
+ ;
  ...+>
 }
