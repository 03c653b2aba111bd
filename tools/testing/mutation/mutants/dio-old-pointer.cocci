// SPDX-License-Identifier: GPL-2.0
// Bug: dio_refill_pages() leaves in pages[0], for a page that is refused, what was there before
// Harm: a file gets what is in a page that was given back
// Family: fat partial
// Killer: pfnmap_direct_io
// Verdict: killed
// File: fs/direct-io.c
@@
identifier f = dio_refill_pages;
expression zero;
@@
 f(...)
 {
  <+...
- dio->pages[0] = zero;
  ...+>
 }
