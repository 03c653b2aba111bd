// SPDX-License-Identifier: GPL-2.0
// Bug: KVM does not forget the frames of a range that its process takes away
// Harm: a guest goes on in memory that is somebody else's by now
// Family: kvm
// Killer: pfnmap_kvm
// Verdict: killed
// File: arch/x86/kvm/mmu/mmu.c
@@
identifier f = kvm_unmap_gfn_range;
@@
 f(...)
 {
  <+...
- flush = kvm_tdp_mmu_unmap_gfn_range(kvm, range, flush);
  ...+>
 }
