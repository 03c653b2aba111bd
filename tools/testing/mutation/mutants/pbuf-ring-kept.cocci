// SPDX-License-Identifier: GPL-2.0
// Bug: a ring of buffers stays pinned when it is unregistered
// Harm: pages pinned for ever
// Family: io_uring pins
// Killer: pfnmap_io_uring
// Verdict: killed
// File: io_uring/kbuf.c io_uring/memmap.c
@@
identifier f = __io_remove_buffers;
expression p;
@@
 f(...)
 {
  <+...
- unpin_user_page(p);
+ ;
  ...+>
 }
@@
identifier f = io_free_region;
@@
 f(...)
 {
  <+...
- unpin_user_pages(mr->pages, nr_refs);
+ ;
  ...+>
 }
