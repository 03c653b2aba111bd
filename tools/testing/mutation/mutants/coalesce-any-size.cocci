// SPDX-License-Identifier: GPL-2.0
// Bug: a folio of which only a part is in the buffer is joined as if it were whole
// Harm: I/O by a registered buffer goes to memory that was never registered
// Family: io_uring data
// Killer: pfnmap_compound
// Verdict: killed
// File: io_uring/rsrc.c
@@
identifier f = { io_try_coalesce_buffer, io_check_coalesce_buffer };
expression folio, pages, i, data;
statement S;
@@
 f(...)
 {
  <+...
- if (folio_page_idx(folio, pages[i-1]) != data->nr_pages_mid - 1) S
  ...+>
 }
