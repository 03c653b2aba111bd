// SPDX-License-Identifier: GPL-2.0
// Bug: user_event_enabler_write() has FOLL_FORCE, as those do that write for a debugger
// Harm: a program's own memory is changed that it may only read
// Family: user_events force
// Verdict: killed
// File: kernel/trace/trace_events_user.c
@@
identifier f = user_event_enabler_write;
@@
 f(...)
 {
  <+...
- FOLL_WRITE | FOLL_NOFAULT
+ FOLL_WRITE | FOLL_NOFAULT | FOLL_FORCE
  ...+>
 }
