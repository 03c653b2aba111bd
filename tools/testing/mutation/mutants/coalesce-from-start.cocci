// SPDX-License-Identifier: GPL-2.0
// Bug: a buffer that begins inside a folio is taken to begin with the folio
// Harm: I/O by a registered buffer goes to memory that was never registered
// Family: io_uring data
// Killer: pfnmap_compound
// Verdict: killed
// File: io_uring/rsrc.c
@@
expression data, e;
@@
- data->first_folio_page_idx = e;
+ data->first_folio_page_idx = 0;
