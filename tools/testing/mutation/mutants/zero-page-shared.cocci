// SPDX-License-Identifier: GPL-2.0
// Bug: a long-term pin for reading takes the zero page of private memory
// Harm: the kernel never sees what the process writes after the pin
// Family: gup fork
// Killer: pfnmap_state
// Verdict: killed
// File: mm/gup.c
@@
expression V, F, P;
@@
- gup_must_unshare(V, F, P)
+ (PageAnon(P) && gup_must_unshare(V, F, P))
