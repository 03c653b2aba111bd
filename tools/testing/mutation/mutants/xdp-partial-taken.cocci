// SPDX-License-Identifier: GPL-2.0
// Bug: a UMEM that could be pinned in part only is taken
// Harm: packets through pointers that were never set
// Family: xdp
// Killer: pfnmap_net
// Verdict: weak: the call itself maps the pages, and dies of the one that is none
// File: net/xdp/xdp_umem.c
@@
identifier f = { xdp_umem_pin_pages };
@@
 f(...)
 {
  <+...
- npgs != umem->npgs
+ npgs < 0
  ...+>
 }
