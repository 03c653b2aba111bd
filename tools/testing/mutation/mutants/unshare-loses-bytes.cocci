// SPDX-License-Identifier: GPL-2.0
// Bug: the page that a pin for reading gets for itself is not copied from the shared one
// Harm: the process loses what it had in its memory, and the kernel reads something else
// Family: gup fork
// Killer: pfnmap_state
// Verdict: killed
// File: mm/memory.c
@@
expression list ES;
@@
wp_page_copy(...)
{
<...
- __wp_page_copy_user(ES)
+ (unshare ? 0 : __wp_page_copy_user(ES))
...>
}
