// SPDX-License-Identifier: GPL-2.0
// Bug: vhost-vdpa does not give the charge back when memory is unmapped
// Harm: a process cannot map what it could map before
// Family: vdpa charge
// Killer: pfnmap_memlock
// Verdict: killed
// File: drivers/vhost/vdpa.c
@@
@@
vhost_vdpa_pa_unmap(...)
{
<...
- atomic64_sub(...);
...>
}
