// SPDX-License-Identifier: GPL-2.0
// Bug: f443fd5af5db, extract_user_to_sg() puts the pages before one that is refused, and not unpins them
// Harm: good pages that stay pinned for ever, by anybody
// Family: af_alg
// Killer: pfnmap_alg
// Verdict: killed
// File: lib/scatterlist.c
@@
identifier f = extract_user_to_sg;
expression e;
@@
 f(...)
 {
  <+...
- unpin_user_page(e);
+ put_page(e);
  ...+>
 }
