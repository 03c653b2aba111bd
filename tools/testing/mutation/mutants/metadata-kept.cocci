// SPDX-License-Identifier: GPL-2.0
// Bug: bio_integrity_unpin_bvec() gives nothing back
// Harm: good pages that stay pinned for ever, with each command
// Family: nvme
// Killer: pfnmap_direct_io
// Verdict: killed
// File: block/bio-integrity.c
@@
identifier f = bio_integrity_unpin_bvec;
@@
 f(...)
 {
  <+...
- unpin_user_page(...);
+ ;
  ...+>
 }
