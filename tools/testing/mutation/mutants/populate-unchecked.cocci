// SPDX-License-Identifier: GPL-2.0
// Bug: MADV_POPULATE does not look at the vma
// Harm: it faults in what it must not, and says so with other errnos
// Family: walk
// Killer: pfnmap_walk
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { __get_user_pages, faultin_vma_page_range };
@@
 f(...)
 {
  <+...
(
- if (check_vma_flags(vma, gup_flags)) {
+ if (0) {
  ...
 }
|
- if (check_vma_flags(vma, gup_flags))
- return -EINVAL;
)
  ...+>
 }
