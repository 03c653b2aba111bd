// SPDX-License-Identifier: GPL-2.0
// Bug: for a hole, GUP allocates a page of the kernel's and forgets it
// Harm: each refusal costs a page, until the machine has none
// Family: gup memory
// Killer: pfnmap_refused
// Verdict: killed
// File: mm/gup.c
@@
@@
__get_user_pages(...)
{
<...
- if (!vma)
+ if (!vma && (alloc_page(GFP_KERNEL) || true))
  {
	ret = -EFAULT;
	goto out;
  }
...>
}
