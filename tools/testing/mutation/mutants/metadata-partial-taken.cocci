// SPDX-License-Identifier: GPL-2.0
// Bug: bio_integrity_map_user() does not notice that it got fewer pages than it asked for, as up to 7.1
// Harm: a device is given what was in pages[] before: founding's cousin
// Family: nvme partial
// Killer: pfnmap_direct_io
// Verdict: weak: the call itself follows a pointer that was never set
// File: block/bio-integrity.c
@@
identifier f = bio_integrity_map_user;
@@
 f(...)
 {
  <+...
- ret != bytes
+ false
  ...+>
 }
