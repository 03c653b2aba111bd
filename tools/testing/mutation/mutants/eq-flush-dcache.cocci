// SPDX-License-Identifier: GPL-2.0
// Bug: the data cache is not flushed
// Harm: none on x86
// Family: equivalent
// Verdict: equivalent: flush_dcache_page() is empty on x86
// File: mm/gup.c
@@
identifier f = { __get_user_pages };
@@
 f(...)
 {
  <+...
- flush_dcache_page(...);
  ...+>
 }
