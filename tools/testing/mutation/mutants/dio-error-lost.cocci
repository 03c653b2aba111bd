// SPDX-License-Identifier: GPL-2.0
// Bug: dio_refill_pages() writes zeros for a page that is refused, and tells nobody
// Harm: data that is lost without an error
// Family: fat partial
// Killer: pfnmap_direct_io
// Verdict: killed
// File: fs/direct-io.c
@@
identifier f = dio_refill_pages;
@@
 f(...)
 {
  <+...
- dio->page_errors = ret;
+ ;
  ...+>
 }
