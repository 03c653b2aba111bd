// SPDX-License-Identifier: GPL-2.0
// Bug: 65462462ffb2 reverted: follow_pfn_pte() says EFAULT
// Harm: callers without pages[] cannot go on
// Family: gup errno
// Killer: pfnmap_gup
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { follow_pfn_pte };
@@
 f(...)
 {
  <+...
- return -EEXIST;
+ return -EFAULT;
  ...+>
 }
