// SPDX-License-Identifier: GPL-2.0
// Bug: af_alg_free_sg() lets nothing go
// Harm: anybody pins as much memory as there is, without a limit
// Family: af_alg
// Killer: pfnmap_alg
// Verdict: killed
// File: crypto/af_alg.c
@@
identifier f = af_alg_free_sg;
expression e;
@@
 f(...)
 {
  <+...
(
- unpin_user_page(e);
|
- put_page(e);
)
  ...+>
 }
