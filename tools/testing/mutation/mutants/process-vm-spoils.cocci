// SPDX-License-Identifier: GPL-2.0
// Bug: process_vm_readv() writes to the memory that it reads
// Harm: memory changes that was only lent for reading
// Family: process_vm witness
// Killer: pfnmap_remote
// Verdict: killed
// File: mm/process_vm_access.c
@@
identifier f = { process_vm_rw_pages };
expression page, offset, copy, iter, copied;
@@
 f(...)
 {
  <+...
  copied = copy_page_to_iter(page, offset, copy, iter);
+ memset(page_address(page) + offset, 0xee, 1);
  ...+>
 }
