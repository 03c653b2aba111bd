// SPDX-License-Identifier: GPL-2.0
// Bug: pages that I/O will write into are pinned for reading
// Harm: reads into read-only and shared COW pages
// Family: iov_iter
// Verdict: killed
// File: lib/iov_iter.c
@@
identifier f = { iov_iter_extract_user_pages };
@@
 f(...)
 {
  <+...
- gup_flags |= FOLL_WRITE;
+ ;
  ...+>
 }
