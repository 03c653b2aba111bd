// SPDX-License-Identifier: GPL-2.0
// Bug: a long-term pin that has moved pages keeps the ones that it had pinned before
// Harm: memory that nobody can free any more, and the pages did not have to move
// Family: gup movable
// Killer: pfnmap_movable
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { migrate_longterm_unpinnable_folios, migrate_longterm_unpinnable_pages };
@@
 f(...)
 {
  <+...
(
- unpin_folio(...);
|
- unpin_user_page(...);
)
  ...+>
 }
