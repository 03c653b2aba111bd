// SPDX-License-Identifier: GPL-2.0
// Bug: the slow walk takes memfd_secret
// Harm: the kernel reads what was hidden from it, by a page that has no mapping: an oops
// Family: gup secretmem
// Killer: pfnmap_gup
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { check_vma_flags };
@@
 f(...)
 {
  <+...
- vma_is_secretmem(vma)
+ 0
  ...+>
 }
