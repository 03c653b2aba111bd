// SPDX-License-Identifier: GPL-2.0
// Bug: 8ac268436e6d reverted in the slow walk: lasting writes to tracked files
// Harm: dirty pages that the filesystem knows nothing of
// Family: gup files
// Killer: pfnmap_file
// Verdict: killed
// File: mm/gup.c
@@
identifier f = { check_vma_flags };
@@
 f(...)
 {
  <+...
- !writable_file_mapping_allowed(vma, gup_flags)
+ 0
  ...+>
 }
