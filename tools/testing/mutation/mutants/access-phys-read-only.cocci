// SPDX-License-Identifier: GPL-2.0
// Bug: generic_access_phys() writes through read-only PTEs
// Harm: a debugger changes what nobody may
// Family: remote
// Killer: pfnmap_remote
// Verdict: killed
// File: mm/memory.c
@@
identifier f = { generic_access_phys };
@@
 f(...)
 {
  <+...
(
- (write & FOLL_WRITE) && !writable
+ 0
|
- (write & FOLL_WRITE) && !pte_write(pte)
+ 0
)
  ...+>
 }
