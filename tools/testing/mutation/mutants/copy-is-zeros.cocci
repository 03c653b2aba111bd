// SPDX-License-Identifier: GPL-2.0
// Bug: the copy of a page without a struct page is zeros
// Harm: who maps /dev/mem or a BAR privately and writes a byte loses the rest of the page
// Family: private
// Killer: pfnmap_private
// Verdict: killed
// File: mm/memory.c
@@
expression to, from;
@@
- __copy_from_user_inatomic(to, from, PAGE_SIZE)
+ (clear_page(to), 0)
