// SPDX-License-Identifier: GPL-2.0
// Bug: the walk does not yield
// Harm: none: only latency
// Family: equivalent
// Verdict: equivalent: cond_resched() changes no result
// File: mm/gup.c
@@
identifier f = { __get_user_pages };
@@
 f(...)
 {
  <+...
- cond_resched();
  ...+>
 }
