// SPDX-License-Identifier: GPL-2.0
// Bug: the page that a fork makes for the child, as the parent's is pinned, is not filled
// Harm: the child sees what was freed
// Family: fork
// Killer: pfnmap_fork
// Verdict: killed
// File: mm/memory.c
@@
identifier f = { copy_present_page };
@@
 f(...)
 {
  <+...
(
- copy_user_highpage(...);
|
- if (copy_mc_user_highpage(...))
- 	return -EHWPOISON;
)
  ...+>
 }
