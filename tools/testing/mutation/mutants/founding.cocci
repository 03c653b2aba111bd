// SPDX-License-Identifier: GPL-2.0
// Bug: 7196040e19ad reverted: a FOLL_PIN walk skips a PTE without struct page and leaves its slot of pages[] unwritten
// Harm: the caller uses, and releases, a page that nobody took: memory corruption
// Family: gup errno
// Killer: pfnmap_gup
// Verdict: killed
// File: mm/gup.c
@ before_7_2 @
identifier f = { __get_user_pages };
@@
 f(...)
 {
  ...
  struct follow_page_context ctx = ...;
  <+...
- if (pages) {
- 	ret = PTR_ERR(page);
- 	goto out;
- }
+ if (pages) {
+ 	ctx.page_mask = 0;
+ 	i++;
+ 	start += PAGE_SIZE;
+ 	nr_pages--;
+ 	continue;
+ }
  ...+>
 }

@ depends on !before_7_2 @
identifier f = { __get_user_pages };
@@
 f(...)
 {
  <+...
- if (pages) {
- 	ret = PTR_ERR(page);
- 	goto out;
- }
+ if (pages) {
+ 	i++;
+ 	start += PAGE_SIZE;
+ 	nr_pages--;
+ 	continue;
+ }
  ...+>
 }
