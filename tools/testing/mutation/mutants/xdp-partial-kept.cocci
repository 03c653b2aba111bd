// SPDX-License-Identifier: GPL-2.0
// Bug: a UMEM that could be pinned in part only is not unpinned
// Harm: pages pinned for ever
// Family: xdp
// Killer: pfnmap_net
// Verdict: killed
// File: net/xdp/xdp_umem.c
@@
identifier f = { xdp_umem_pin_pages };
@@
 f(...)
 {
  <+...
- xdp_umem_unpin_pages(umem);
  ...+>
 }
