// SPDX-License-Identifier: GPL-2.0
// Bug: sk_msg_zerocopy_from_iter() does not go back to where it began when a page is refused
// Harm: what is copied then begins behind the pages that were taken: other bytes are sent
// Family: tls
// Killer: pfnmap_splice
// Verdict: killed
// File: net/core/skmsg.c
@@
identifier f = sk_msg_zerocopy_from_iter;
@@
 f(...)
 {
  <+...
- if (ret) iov_iter_revert(...);
  ...+>
 }
