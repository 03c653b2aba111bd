// SPDX-License-Identifier: GPL-2.0
// Bug: io_pin_pages() does not free the pages[] of a refused pin, as bio_map_user_iov() since 403b6fb8dac1
// Harm: anybody takes kernel memory that is charged to nobody
// Family: io_uring
// Killer: pfnmap_io_uring
// Verdict: killed
// File: io_uring/rsrc.c io_uring/memmap.c
@@
identifier f = io_pin_pages;
@@
 f(...)
 {
  <+...
- kvfree(pages);
  ...+>
 }
