// SPDX-License-Identifier: GPL-2.0
// Bug: GUP-fast pins a huge anonymous page for reading that another process has, too
// Harm: the next write gives the process another page than the one that is pinned
// Family: gup fork
// Killer: pfnmap_fork
// Verdict: weak: with CONFIG_DEBUG_VM the kernel dies of its own check, sanity_check_pinned_pages()
// File: mm/gup.c
@@
identifier f = { gup_huge_pmd, gup_fast_pmd_leaf };
@@
 f(...)
 {
  <+...
- gup_must_unshare(...)
+ false
  ...+>
 }
