// SPDX-License-Identifier: GPL-2.0
// Bug: vhost-vdpa keeps the last page of each run when memory is unmapped
// Harm: pages are pinned that nobody can unpin
// Family: vdpa
// Killer: pfnmap_driver
// Verdict: killed
// File: drivers/vhost/vdpa.c
@@
identifier N;
@@
vhost_vdpa_pa_unmap(...)
{
<...
- N > 0
+ N > 1
...>
}
