// SPDX-License-Identifier: GPL-2.0
// Bug: a huge fault of vfio maps the frames of the next huge page of the BAR
// Harm: the process writes to other registers than those that it mapped
// Family: vfio
// Killer: pfnmap_io_uring
// Verdict: killed
// File: drivers/vfio/pci/vfio_pci_core.c
@@
@@
- vmf_insert_pfn_pmd(vmf, __pfn_to_pfn_t(pfn, PFN_DEV), false)
+ vmf_insert_pfn_pmd(vmf, __pfn_to_pfn_t(pfn ^ PTRS_PER_PTE, PFN_DEV), false)

@@
@@
- vmf_insert_pfn_pmd(vmf, pfn, false)
+ vmf_insert_pfn_pmd(vmf, pfn ^ PTRS_PER_PTE, false)
