// SPDX-License-Identifier: GPL-2.0
// Bug: rds_message_zcopy_from_user() keeps the pages before one that is refused
// Harm: good pages that are never given back
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
- put_page(...);
+ ;
  ...+>
 }
