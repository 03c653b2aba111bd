// SPDX-License-Identifier: GPL-2.0
// Bug: FOLL_FORCE is taken for given
// Harm: protection means nothing to pinners
// Family: gup force
// Killer: pfnmap_remote
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { check_vma_flags };
@@
 f(...)
 {
  <+...
- !(gup_flags & FOLL_FORCE)
+ 0
  ...+>
 }
