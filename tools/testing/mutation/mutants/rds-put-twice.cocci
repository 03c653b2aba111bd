// SPDX-License-Identifier: GPL-2.0
// Bug: rds_message_zcopy_from_user() puts the pages before one that is refused, and still has them, as up to 7.1
// Harm: pages of ours are given back twice, and are somebody else's then
// Family: rds partial
// Killer: pfnmap_net
// Verdict: killed
// File: net/rds/message.c
@@
identifier f = rds_message_zcopy_from_user;
@@
 f(...)
 {
  <+...
- rm->data.op_nents = 0;
  ...+>
 }
