// SPDX-License-Identifier: GPL-2.0
// Bug: what an unbuffered write has pinned is not unpinned
// Harm: pages that stay pinned for ever
// Family: netfs
// Killer: pfnmap_direct_io
// Verdict: killed
// File: fs/netfs/direct_write.c
@@
identifier f = netfs_unbuffered_write_iter_locked;
@@
 f(...)
 {
  <+...
- iov_iter_extract_will_pin(iter)
+ false
  ...+>
 }
