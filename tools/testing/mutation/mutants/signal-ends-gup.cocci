// SPDX-License-Identifier: GPL-2.0
// Bug: every signal ends GUP that waits for a page, not only one that kills
// Harm: calls fail, or are short, when a timer goes off
// Family: gup retry
// Killer: pfnmap_retry
// Verdict: killed
// File: mm/gup.c
@@
identifier f = gup_signal_pending;
@@
 f(...)
 {
  ...
- if (!(flags & FOLL_INTERRUPTIBLE))
-	return false;
  ...
 }
