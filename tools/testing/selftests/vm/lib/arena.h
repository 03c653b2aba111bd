/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The range that a buffer is laid out in: good pages at fixed addresses, a mapping's run put over
 * them and taken away again. The good pages are shmem, so that a file can tell afterwards whether
 * anybody still holds one.
 */
#ifndef PFNMAP_ARENA_H
#define PFNMAP_ARENA_H

#include <stdbool.h>

#include "layout.h"
#include "../mappings/mapping.h"

struct arena {
	char *base;		/* of the whole reservation */
	char *anchor;		/* where a run begins; aligned for a huge page */
	int good;		/* a memfd of ARENA_GOOD pages for the small layouts, this arena's own */
};

#define ARENA_GOOD 8		/* pages; longer buffers take theirs from a file all arenas share */

/*
 * Prepares the file that all arenas share, since filling it takes long, and the addresses that the
 * arenas of all processes forked from now on have in common. 0 or -errno.
 */
int arena_prepare(void);

/* Returns 0 or -errno. arena_close() undoes it. */
int arena_open(struct arena *a);
void arena_close(struct arena *a);

/* Makes every page of @b good, holding arena_good_id(). 0 or -errno. */
int arena_place_good(struct arena *a, const struct buffer *b);

/* Puts the mapping's run over @b's tested pages, and makes its holes; 0 or -errno. */
int arena_place_tested(struct arena *a, const struct buffer *b, struct mapping *m);

/* Takes the run away again and reserves the place. */
void arena_remove_tested(struct arena *a, const struct buffer *b, struct mapping *m);

/* The address of page @i of @b. */
void *arena_page(const struct arena *a, const struct buffer *b, unsigned int i);

/* What a good page holds: page @i of any buffer. */
pattern_id arena_good_id(unsigned int i);

/*
 * True when nobody holds a reference to any page of a memfd that may be sealed and that no shared mapping
 * may write to: a pin of either kind, FOLL_GET too, keeps F_SEAL_WRITE from it. And so does a reference
 * that is missing.
 */
bool arena_file_unreferenced(int file);

/* The same of this arena's own good pages. It can only be closed afterwards. */
bool arena_unreferenced(struct arena *a);

#endif
