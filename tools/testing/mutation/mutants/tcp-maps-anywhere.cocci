// SPDX-License-Identifier: GPL-2.0
// Bug: TCP maps what it received wherever it is told to
// Harm: pages of packets lie where a device was
// Family: vma walk
// Killer: pfnmap_vma
// Verdict: killed
// File: net/ipv4/tcp.c
@@
identifier f = { find_tcp_vma };
expression vma;
@@
 f(...)
 {
  <+...
- vma->vm_ops != &tcp_vm_ops
+ 0
  ...+>
 }
