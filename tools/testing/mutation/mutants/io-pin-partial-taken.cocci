// SPDX-License-Identifier: GPL-2.0
// Bug: io_pin_pages() takes a short pin for a whole one
// Harm: I/O through pointers that were never set
// Family: io_uring pins
// Killer: pfnmap_io_uring
// Verdict: weak: the call itself follows the pointer, before it returns anything
// File: io_uring/memmap.c io_uring/rsrc.c
@@
identifier r = {ret, pret};
identifier f = io_pin_pages;
@@
 f(...)
 {
  <+...
- r == nr_pages
+ r > 0
  ...+>
 }
