/* SPDX-License-Identifier: GPL-2.0 */
/* A few pages of private or shared memory that a pinner holds, and what tells whose they are. */
#ifndef PFNMAP_HOLDING_H
#define PFNMAP_HOLDING_H

#include <stdbool.h>

#include "../mappings/mapping.h"
#include "../pinners/pinner.h"

#define HOLDING_PAGES 4U	/* at most */

struct holding {
	const struct pinner_ops *ops;
	const struct pinner_mode *mode;
	struct mapping memory;
	struct pinner pinner;
	char *room;			/* where the memory is placed */
	size_t placed;			/* pages there, of a huge page all */
	unsigned int pages;		/* that are pinned */
	unsigned long long frames[HOLDING_PAGES];	/* when they were pinned; 0: not known */
	bool missing;			/* the memory could not be had again: no failure */
	char why[256];			/* the first failure of one of these functions, or "" */
};

/* Can @memory and @ops be opened? Otherwise @h->why tells why not. */
bool holding_prepare(struct holding *h, const struct mapping_ops *memory,
		     const struct pinner_ops *ops);

/* New memory, whose page i holds PATTERN_ID(@salt, i). When it fails, nothing is left. */
bool holding_place(struct holding *h, unsigned int salt);
void holding_remove(struct holding *h);

/*
 * Opens the pinner and takes the pages in @h->mode; holding_unpin() undoes both. What the pinner
 * complains of is in @h->why, even if the pages were taken.
 */
bool holding_pin(struct holding *h);
bool holding_unpin(struct holding *h);

/* Writes the pages; compares the first @pages of them: the first that differs, or -1. */
void holding_fill(struct holding *h, unsigned int salt);
int holding_differs(const struct holding *h, unsigned int pages, unsigned int salt);

/* The first page that is not the frame that was pinned, or -1. */
int holding_left(const struct holding *h);

/* The first page of which the kernel reads something else in what it holds, or -1. */
int holding_unseen(struct holding *h, unsigned int salt);

/* The flags that the pages are taken with. */
unsigned int holding_flags(const struct holding *h);

#endif
