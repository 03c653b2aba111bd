// SPDX-License-Identifier: GPL-2.0
// Bug: MADV_DONTNEED zaps VM_PFNMAP
// Harm: what a driver mapped is gone for good
// Family: madvise
// Killer: pfnmap_walk
// Verdict: killed
// File: mm/madvise.c
@@
identifier f = madvise_dontneed_free_valid_vma;
@@
 f(...)
 {
  <+...
- unsigned int forbidden = VM_PFNMAP;
+ unsigned int forbidden = 0;
  ...+>
 }
