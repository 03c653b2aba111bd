// SPDX-License-Identifier: GPL-2.0
// Bug: mlock() locks special vmas
// Harm: they are charged, and the walk over them counts
// Family: walk
// Killer: pfnmap_walk
// Verdict: killed
// File: mm/mlock.c
@@
identifier f = mlock_fixup;
@@
 f(...)
 {
  <+...
(
- !vma_supports_mlock(vma)
+ 0
|
- (oldflags & VM_SPECIAL)
+ 0
)
  ...+>
 }
