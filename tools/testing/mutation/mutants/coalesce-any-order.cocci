// SPDX-License-Identifier: GPL-2.0
// Bug: pages of one folio are joined in any order, as in CVE-2023-2598
// Harm: I/O by a registered buffer goes to other pages of the folio
// Family: io_uring data
// Killer: pfnmap_compound
// Verdict: killed
// File: io_uring/rsrc.c
@@
identifier f = { io_try_coalesce_buffer, io_check_coalesce_buffer };
expression pages, folio, i;
@@
 f(...)
 {
  <+...
- page_folio(pages[i]) == folio && pages[i] == pages[i-1] + 1
+ page_folio(pages[i]) == folio
  ...+>
 }
