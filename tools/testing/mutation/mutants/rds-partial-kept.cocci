// SPDX-License-Identifier: GPL-2.0
// Bug: rds_info_getsockopt() keeps the pages before one that is refused
// Harm: good pages that stay pinned for ever, by anybody
// Family: rds
// Killer: pfnmap_net
// Verdict: killed
// File: net/rds/info.c
@@
identifier f = rds_info_getsockopt;
@@
 f(...)
 {
  <+...
- nr_pages = ret;
+ nr_pages = 0;
  ...+>
 }
@@
identifier f = rds_info_getsockopt;
@@
 f(...)
 {
  <+...
- ret = -EAGAIN;
+ ret = -EAGAIN;
+ nr_pages = 0;
  ...+>
 }
