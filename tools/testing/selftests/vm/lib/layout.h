/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How ordinary pages (G), pages under test (P) and holes (H) lie in the range that a pinner is
 * given. A layout is data; laying it out for a mapping gives a buffer, its iovecs and the kind of
 * each page.
 */
#ifndef PFNMAP_LAYOUT_H
#define PFNMAP_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "pattern.h"

#define LAYOUT_MAX 64			/* number of layouts, at most */
#define LAYOUT_FAR 512			/* pages before P, and after it, at most */
#define LAYOUT_RUN 512			/* pages of P, at most: a huge page */
#define LAYOUT_PAGES (LAYOUT_RUN + 8)	/* pages of a buffer, at most */

struct layout {
	const char *name;
	unsigned int before;	/* ordinary pages before P */
	unsigned int p;		/* pages under test */
	unsigned int after;	/* ordinary pages after P */
	bool hole_before;	/* a hole takes the place of the page next to P */
	bool hole_after;
	bool split;		/* one iovec for each page, not one for all */
	bool sub;		/* begins late in its first page, ends early in its last */
	bool touched;		/* a CPU has read the pages under test before */
	bool brief;		/* enough for a control mapping, whose verdict other layouts show */
};

extern const struct layout layouts[];
extern const size_t nr_layouts;

/* The layout of that name, or NULL. */
const struct layout *layout_named(const char *name);

enum page_kind { GOOD, TESTED, HOLE };

/* A layout laid out: pages are counted from the anchor, where the mapping's run begins. */
struct buffer {
	const struct layout *layout;
	int first;		/* the buffer's first page, negative before the anchor */
	unsigned int pages;
	unsigned int run;	/* pages that the mapping has to place at the anchor */
	bool touched;		/* a CPU has read the pages under test before */
	size_t head;		/* offset of the first byte in the first page */
	size_t len;		/* bytes, all iovecs together */
	int niov;
	struct iovec iov[LAYOUT_PAGES];
};

/*
 * Lays @layout out at @anchor for a mapping that comes in runs of @granule pages and a pinner that
 * wants addresses and lengths in multiples of @align bytes. A @granule of more than 1 lengthens the
 * part under test where ordinary pages follow on both sides, since such a run cannot be cut.
 */
void layout_fit(struct buffer *b, const struct layout *layout, void *anchor, size_t granule,
		size_t align);

/* The kind of page @i of the buffer, counted from 0. */
enum page_kind layout_kind(const struct buffer *b, unsigned int i);

/* The page of the mapping's run that is page @i of the buffer; only for TESTED pages. */
size_t layout_run_page(const struct buffer *b, unsigned int i);

/* The bytes of page @i that belong to the buffer: [*from, *to). */
void layout_span(const struct buffer *b, unsigned int i, size_t *from, size_t *to);

/* Bytes of the buffer before page @i, and the pages that its first @bytes bytes are in. */
size_t layout_bytes_before(const struct buffer *b, unsigned int i);
unsigned int layout_pages_with(const struct buffer *b, size_t bytes);

#endif
