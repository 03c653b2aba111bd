// SPDX-License-Identifier: GPL-2.0
// Bug: a bio takes a part of a page that it has already for the next part
// Harm: O_DIRECT of a page that is in the buffer twice moves other bytes
// Family: bio
// Killer: pfnmap_io_uring
// Verdict: killed
// File: block/bio.c
@@
identifier f = { page_is_mergeable, bvec_try_merge_page };
identifier bv, page, len, off, same_page;
expression a, b, c;
statement S;
@@
 f(struct bio_vec *bv, struct page *page, unsigned int len, unsigned int off, bool *same_page)
 {
  <+...
- if (a + 1 != b + c) S
  ...+>
 }
