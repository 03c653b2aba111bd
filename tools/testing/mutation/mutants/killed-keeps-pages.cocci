// SPDX-License-Identifier: GPL-2.0
// Bug: GUP that is killed while it waits for a page forgets the pages before that one
// Harm: they are pinned for ever
// Family: gup retry
// Killer: pfnmap_retry
// Verdict: killed
// File: mm/gup.c
@@
identifier f = __get_user_pages_locked;
expression pending;
@@
 f(...)
 {
  <+...
  if (pending) {
-	if (!pages_done)
-		pages_done = -EINTR;
+	pages_done = -EINTR;
  	break;
  }
  ...+>
 }
