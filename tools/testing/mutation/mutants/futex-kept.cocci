// SPDX-License-Identifier: GPL-2.0
// Bug: get_futex_key() keeps its reference
// Harm: a page that is never freed, with each call
// Family: futex
// Killer: pfnmap_futex
// Verdict: killed
// File: kernel/futex/core.c
@@
identifier f = get_futex_key;
expression e;
@@
 f(...)
 {
  <+...
(
- folio_put(e);
|
- put_page(e);
)
  ...+>
 }
