// SPDX-License-Identifier: GPL-2.0
// Bug: GUP comes back to the first page after it has given up the mmap lock, not to where it was
// Harm: the caller gets some pages twice, and others not
// Family: gup retry
// Killer: pfnmap_retry
// Verdict: killed
// File: mm/gup.c
@@
identifier f = __get_user_pages_locked;
expression start, ret;
@@
 f(...)
 {
  <+...
- start += ret << PAGE_SHIFT;
  ...+>
 }
