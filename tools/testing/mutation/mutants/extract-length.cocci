// SPDX-License-Identifier: GPL-2.0
// Bug: iov_iter_extract_user_pages() counts the first page whole
// Harm: I/O past the end of what was pinned
// Family: iov_iter
// Verdict: killed
// File: lib/iov_iter.c
@@
identifier f = { iov_iter_extract_user_pages, __iov_iter_get_pages_alloc };
@@
 f(...)
 {
  <+...
- min_t(size_t, maxsize, res * PAGE_SIZE - offset)
+ min_t(size_t, maxsize, res * PAGE_SIZE)
  ...+>
 }
