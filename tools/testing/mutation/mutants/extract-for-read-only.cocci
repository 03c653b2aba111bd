// SPDX-License-Identifier: GPL-2.0
// Bug: pages that I/O will write into are pinned for reading
// Harm: reads into read-only and shared COW pages
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
- gup_flags |= FOLL_WRITE;
+ ;
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
- gup_flags |= FOLL_WRITE;
+ ;
  ...+>
 }
