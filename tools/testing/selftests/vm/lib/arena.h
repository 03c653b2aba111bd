/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The range that a buffer is laid out in: ordinary pages at fixed addresses. A run of the mapping
 * is put over them and taken away again. The ordinary pages are shmem, so that a file can tell
 * afterwards whether one of them is still held.
 */
#ifndef PFNMAP_ARENA_H
#define PFNMAP_ARENA_H

#include <stdbool.h>

#include "layout.h"
#include "../mappings/mapping.h"

struct arena {
	char *base;		/* of the whole reservation */
	char *anchor;		/* where a run begins; aligned for a huge page */
	int good;		/* a memfd of ARENA_GOOD pages, for the small layouts */
};

#define ARENA_GOOD 8		/* pages; longer buffers use a file that all arenas share */

/*
 * Prepares the file that all arenas share, since filling it takes long, and reserves the addresses
 * that the arenas of all processes forked from now on have in common. 0 or -errno.
 */
int arena_prepare(void);

/* Returns 0 or -errno. arena_close() undoes it. */
int arena_open(struct arena *a);
void arena_close(struct arena *a);

/* Makes every page of @b an ordinary one that holds arena_good_id(). 0 or -errno. */
int arena_place_good(struct arena *a, const struct buffer *b);

/* Puts the mapping's run over @b's pages under test, and makes the holes of @b; 0 or -errno. */
int arena_place_tested(struct arena *a, const struct buffer *b, struct mapping *m);

/* Takes the run away again and reserves its place. */
void arena_remove_tested(struct arena *a, const struct buffer *b, struct mapping *m);

/* The address of page @i of @b. */
void *arena_page(const struct arena *a, const struct buffer *b, unsigned int i);

/* What an ordinary page holds: page @i of any buffer. */
pattern_id arena_good_id(unsigned int i);

/*
 * True when no page of a memfd has an extra reference. The memfd may be sealed, and no shared
 * mapping may write to it. F_SEAL_WRITE fails for a pin, for FOLL_GET, and for a reference that is
 * missing.
 */
bool arena_file_unreferenced(int file);

/* The same for this arena's own ordinary pages. Only arena_close() may follow. */
bool arena_unreferenced(struct arena *a);

#endif
