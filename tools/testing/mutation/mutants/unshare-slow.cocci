// SPDX-License-Identifier: GPL-2.0
// Bug: the slow walk pins an anonymous page for reading that another process has, too
// Harm: the next write gives the process another page than the one that is pinned
// Family: gup fork
// Killer: pfnmap_fork
// Verdict: weak: with CONFIG_DEBUG_VM the kernel dies of its own check, sanity_check_pinned_pages()
// File: mm/gup.c
@@
identifier f = { follow_page_pte };
@@
 f(...)
 {
  <+...
- gup_must_unshare(...)
+ false
  ...+>
 }
