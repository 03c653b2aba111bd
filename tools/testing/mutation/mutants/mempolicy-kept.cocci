// SPDX-License-Identifier: GPL-2.0
// Bug: lookup_node() keeps its reference
// Harm: a page that is never freed, with each call of get_mempolicy()
// Family: mempolicy
// Killer: pfnmap_remote
// Verdict: killed
// File: mm/mempolicy.c
@@
identifier f = lookup_node;
expression e;
@@
 f(...)
 {
  <+...
- put_page(e);
  ...+>
 }
