// SPDX-License-Identifier: GPL-2.0
// Bug: before f8be156be163, KVM gave back references to pages that it had found without any (CVE-2021-22543)
// Harm: memory is freed while a guest uses it
// Family: kvm
// Killer: pfnmap_kvm
// Verdict: killed
// File: virt/kvm/kvm_main.c
@@
identifier f = hva_to_pfn_remapped;
@@
 f(...)
 {
  <+...
- if (!kvm_try_get_pfn(pfn))
-	r = -EFAULT;
+ kvm_try_get_pfn(pfn);
  ...+>
 }
