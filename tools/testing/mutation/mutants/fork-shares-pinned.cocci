// SPDX-License-Identifier: GPL-2.0
// Bug: a fork gives the child a page that is pinned, and does not copy it
// Harm: who writes first gets another page, which may be the process that has pinned it
// Family: fork
// Killer: pfnmap_fork
// Verdict: killed
// File: include/linux/rmap.h
@@
@@
(
- page_needs_cow_for_dma(...)
+ false
|
- folio_needs_cow_for_dma(...)
+ false
)
