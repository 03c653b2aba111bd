/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a page holds: salted data that differs in every page and every word, so that a stale, a
 * swapped and a shifted page all differ from the right one.
 */
#ifndef PFNMAP_PATTERN_H
#define PFNMAP_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Bytes of a page, which the kernel tells, and of the largest that the suite takes: for arrays.
 * PMD_PAGES make a huge page, of as many PTEs as a page table has.
 */
extern size_t page_size;
#define PAGE page_size
#define PMD_PAGES (PAGE / sizeof(uint64_t))
#ifdef __x86_64__
#define MAX_PAGE 4096
#else
#define MAX_PAGE 16384
#endif

/* Names the contents of one page: its writer (the salt), and the number of the page. */
typedef uint64_t pattern_id;

#define PATTERN_ZERO ((pattern_id)0)
#define PATTERN_ID(salt, page) (((pattern_id)(salt) << 32) | (uint32_t)(page))

/* Fills bytes @from to @to of the page that begins at @page. */
void pattern_fill(void *page, pattern_id id, size_t from, size_t to);

/* True when bytes @from to @to of the page that begins at @page hold @id. */
bool pattern_holds(const void *page, pattern_id id, size_t from, size_t to);

/*
 * Writes into @text (of @size bytes) the first wrong word of the page and where it may come from.
 */
void pattern_explain(const void *page, pattern_id id, size_t from, size_t to, char *text,
		     size_t size);

#endif
