// SPDX-License-Identifier: GPL-2.0
// Bug: a long-term pin leaves pages in ZONE_MOVABLE
// Harm: memory cannot be unplugged, and huge pages cannot be had
// Family: gup movable
// Killer: pfnmap_movable
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { collect_longterm_unpinnable_folios, collect_longterm_unpinnable_pages };
@@
 f(...)
 {
  <+...
(
- folio_is_longterm_pinnable(...)
+ true
|
- is_longterm_pinnable_page(...)
+ true
)
  ...+>
 }
