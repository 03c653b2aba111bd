// SPDX-License-Identifier: GPL-2.0
// Bug: FOLL_ANON does not matter
// Harm: /proc/PID/environ waits for whoever serves the file, CVE-2018-1120
// Family: gup
// Killer: pfnmap_remote
// Verdict: killed
// File: mm/gup.c
@@
identifier f = check_vma_flags;
@@
 f(...)
 {
  <+...
(
- (gup_flags & FOLL_ANON) && !vma_anon
+ 0
|
- gup_flags & FOLL_ANON && !vma_is_anonymous(vma)
+ 0
)
  ...+>
 }
