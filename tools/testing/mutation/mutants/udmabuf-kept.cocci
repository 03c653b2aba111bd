// SPDX-License-Identifier: GPL-2.0
// Bug: a closed udmabuf keeps its pages
// Harm: each closed dma-buf takes memory until reboot
// Family: memfd keep
// Killer: pfnmap_memfd
// Verdict: killed
// File: drivers/dma-buf/udmabuf.c
@@
@@
- unpin_folio(...);
+ ;
