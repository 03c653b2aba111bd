// SPDX-License-Identifier: GPL-2.0
// Bug: before bd2fae8da794, KVM took every PFN that it found for writable
// Harm: a guest writes to what its process may only read
// Family: kvm
// Killer: pfnmap_kvm
// Verdict: killed
// File: virt/kvm/kvm_main.c
@@
identifier f = hva_to_pfn_remapped;
expression e;
@@
 f(...)
 {
  <+...
- *writable = e;
+ *writable = true;
  ...+>
 }
@@
identifier f = hva_to_pfn_remapped;
expression a, b;
@@
 f(...)
 {
  <+...
- *p_pfn = kvm_resolve_pfn(a, NULL, b, args.writable);
+ *p_pfn = kvm_resolve_pfn(a, NULL, b, true);
  ...+>
 }
