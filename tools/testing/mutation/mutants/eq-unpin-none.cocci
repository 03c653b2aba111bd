// SPDX-License-Identifier: GPL-2.0
// Bug: io_pin_pages() unpins no pages without asking whether there are any
// Harm: none
// Family: equivalent
// Verdict: equivalent: unpin_user_pages(pages, 0) does nothing
// File: io_uring/memmap.c
@@
identifier f = io_pin_pages;
@@
 f(...)
 {
  <+...
- if (ret)
  unpin_user_pages(pages, ret);
  ...+>
 }
