// SPDX-License-Identifier: GPL-2.0
// Bug: io_pin_pages() does not unpin what a short pin got
// Harm: pages pinned for ever, at any user's will
// Family: io_uring pins
// Killer: pfnmap_io_uring
// Verdict: killed
// File: io_uring/memmap.c io_uring/rsrc.c
@@
expression p, n;
identifier f = io_pin_pages;
@@
 f(...)
 {
  <+...
- unpin_user_pages(p, n);
  ...+>
 }
