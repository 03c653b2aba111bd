// SPDX-License-Identifier: GPL-2.0
// Bug: user_event_enabler_write() keeps the page that it set a bit in
// Harm: a good page that stays pinned for ever, with each event that somebody listens to
// Family: user_events
// Killer: pfnmap_remote
// Verdict: killed
// File: kernel/trace/trace_events_user.c
@@
identifier f = user_event_enabler_write;
@@
 f(...)
 {
  <+...
- unpin_user_pages_dirty_lock(...);
  ...+>
 }
