// SPDX-License-Identifier: GPL-2.0
// Bug: GUP does not come back after it has given up the mmap lock
// Harm: memory of userfaultfd, or of a slow file, is refused at random
// Family: gup retry
// Killer: pfnmap_retry
// Verdict: killed
// File: mm/gup.c
@@
identifier f = faultin_page;
@@
 f(...)
 {
  <+...
- return -EBUSY;
+ return -EFAULT;
  ...+>
 }
