// SPDX-License-Identifier: GPL-2.0
// Bug: FOLL_FORCE writes into shared mappings that are read-only
// Harm: a file is written to that was opened for reading
// Family: gup force
// Verdict: weak: handle_mm_fault() refuses such a write, too, and warns
// File: mm/gup.c
@@
identifier f = { check_vma_flags };
@@
 f(...)
 {
  <+...
- !is_cow_mapping(vm_flags)
+ 0
  ...+>
 }
@@
identifier f = { check_vma_flags };
@@
 f(...)
 {
  <+...
- !vma_is_cow_mapping(vma)
+ 0
  ...+>
 }
