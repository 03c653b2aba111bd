// SPDX-License-Identifier: GPL-2.0
// Bug: tls_decrypt_sg() keeps the pages that it decrypted to
// Harm: memory that is never freed, with each record; anybody can
// Family: tls
// Killer: pfnmap_splice
// Verdict: killed
// File: net/tls/tls_sw.c
@@
identifier f = tls_decrypt_sg;
@@
 f(...)
 {
  <+...
- put_page(...);
+ ;
  ...+>
 }
