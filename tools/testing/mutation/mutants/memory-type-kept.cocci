// SPDX-License-Identifier: GPL-2.0
// Bug: the memory type of what remap_pfn_range() mapped stays reserved when it is unmapped
// Harm: a driver cannot map its BAR another way, for ever
// Family: vma pat
// Killer: pfnmap_vma
// Verdict: killed
// File: arch/x86/mm/pat/memtype.c
// File: mm/memory.c
@@
identifier f = untrack_pfn;
expression paddr, size;
@@
 f(...)
 {
  <+...
- free_pfn_range(paddr, size);
  ...+>
 }
@@
identifier f = pfnmap_track_ctx_release;
expression pfn, size;
@@
 f(...)
 {
  <+...
- pfnmap_untrack(pfn, size);
  ...+>
 }
