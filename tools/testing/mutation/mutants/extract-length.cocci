// SPDX-License-Identifier: GPL-2.0
// Bug: iov_iter_extract_user_pages() counts the first page whole
// Harm: I/O past the end of what was pinned
// Family: iov_iter
// Killer: pfnmap_direct_io
// Verdict: killed
// File: lib/iov_iter.c
@@
identifier f = { iov_iter_extract_user_pages };
@@
 f(...)
 {
  <+...
- min_t(size_t, maxsize, res * PAGE_SIZE - offset)
+ min_t(size_t, maxsize, res * PAGE_SIZE)
  ...+>
 }

// Before 6.5 all I/O got its pages there.
@before@
@@
 pipe_get_pages(...)

@depends on before@
identifier f = { __iov_iter_get_pages_alloc };
@@
 f(...)
 {
  <+...
- min_t(size_t, maxsize, res * PAGE_SIZE - *start)
+ min_t(size_t, maxsize, res * PAGE_SIZE)
  ...+>
 }
