// SPDX-License-Identifier: GPL-2.0
// Bug: a driver that begins within a huge page of a memfd gets the page's first bytes
// Harm: udmabuf and iommufd reach memory that nobody gave them
// Family: memfd
// Killer: pfnmap_memfd
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { memfd_pin_folios };
expression folio, start;
@@
 f(...)
 {
  <+...
- offset_in_folio(folio, start)
+ 0
  ...+>
 }
