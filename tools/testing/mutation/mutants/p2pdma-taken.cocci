// SPDX-License-Identifier: GPL-2.0
// Bug: GUP takes memory of a PCI device for callers that did not ask for it
// Harm: a driver maps it for DMA as if it were RAM
// Family: gup p2pdma
// Killer: pfnmap_gup
// Verdict: killed
// File: mm/gup.c
@@
identifier f = {is_pci_p2pdma_page, folio_is_pci_p2pdma};
expression page;
@@
- !(flags & FOLL_PCI_P2PDMA) && f(page)
+ 0
