/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A few pages of private or shared memory that a pinner holds, what tells whose they are, and the
 * tests of that, which try each mode of the pinner.
 */
#ifndef PFNMAP_HOLDING_H
#define PFNMAP_HOLDING_H

#include <stdbool.h>

#include "memory.h"
#include "../pinners/pinner.h"

#define HOLDING_PAGES 4U	/* at most */

struct holding {
	const struct mapping_ops *memory_ops;
	const struct pinner_ops *ops;
	const struct pinner_mode *mode;
	const char *scene;		/* for messages, or NULL */
	struct memory memory;
	struct pinner pinner;
	unsigned int pages;		/* that are pinned */
	unsigned long long frames[HOLDING_PAGES];	/* when they were pinned; 0: not known */
	bool missing;			/* memory could not be had again: no failure */
	char why[256];			/* why there is nothing to test, or memory was missing */
	char *wrong;			/* of all forked processes: the first failure, or "" */
	char kept[256];			/* what stayed pinned after all, or "" */
};

/* Can @memory and @ops be opened? Otherwise @h->why tells why not. */
bool holding_prepare(struct holding *h, const struct mapping_ops *memory,
		     const struct pinner_ops *ops);

/* Calls @try in each mode, and looks at the balance afterwards: @h->wrong, @h->kept. */
void holding_try(struct holding *h, void (*try)(struct holding *h, void *arg), void *arg);

/* Notes the first failure; @page is the one of which @what is true, or -1 for none. */
void holding_fail(struct holding *h, const char *what);
void holding_fail_of(struct holding *h, int page, const char *what);

/* There is no memory of that kind; @why tells. Returns false. */
bool holding_miss(struct holding *h, const char *why);

/* New memory, whose page i holds PATTERN_ID(@salt, i). False when it is missing. */
bool holding_place(struct holding *h, unsigned int salt);
void holding_remove(struct holding *h);

/*
 * Opens the pinner and takes the pages in @h->mode; holding_unpin() undoes both. What the pinner
 * complains of is a failure, even if the pages were taken; a refusal alone is none.
 */
bool holding_pin(struct holding *h);
void holding_unpin(struct holding *h);

/* Page @i. */
char *holding_page(const struct holding *h, unsigned int i);

/* Writes the pages; compares the first @pages of them: the first that differs, or -1. */
void holding_fill(struct holding *h, unsigned int salt);
int holding_differs(const struct holding *h, unsigned int pages, unsigned int salt);

/* The first page that is not the frame that was pinned, or -1. */
int holding_left(const struct holding *h);

/* The first page of which the kernel reads something else in what it holds, or -1. */
int holding_unseen(struct holding *h, unsigned int salt);

/* The flags that the pages are taken with. */
unsigned int holding_flags(const struct holding *h);

/* The end of a test: judges what holding_try() found. */
#define HOLDING_JUDGE(h) do {					\
	EXPECT_STREQ("", (h)->wrong);				\
	EXPECT_STREQ("", (h)->kept);				\
	if ((h)->missing)					\
		SUITE_SKIP("%s", (h)->why);			\
} while (0)

#endif
