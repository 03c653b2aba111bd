/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A buffer in an arena with a mapping's run in it, and what each of its pages must hold. The stage
 * knows nothing of pinners: it prepares the memory and later tells what has changed.
 */
#ifndef PFNMAP_STAGE_H
#define PFNMAP_STAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "layout.h"
#include "../mappings/mapping.h"

#define STAGE_RUN 4	/* pages of a run with bytes of the test's own; a huge page has more */

struct stage {
	struct mapping mapping;
	struct arena arena;
	struct buffer buffer;
	bool tested;			/* the run is in place; otherwise all pages are ordinary */
	char *found;			/* what the mapping held before; NULL: that is not known */
	size_t nr_found;		/* pages of it */
};

/* Opens the arena for @s->mapping, which is open, and gives the run known bytes. 0 or -errno. */
int stage_open(struct stage *s);

/* Restores what the mapping held, and forgets it. The arena stays open. */
void stage_restore(struct stage *s);

/*
 * For a test with one layout: opens the mapping and the stage and lays @layout out, all its pages
 * ordinary, for a pinner that wants multiples of @align. Returns NULL, or why it cannot;
 * stage_close() undoes it.
 */
const char *stage_lay_out(struct stage *s, const struct mapping_ops *ops,
			  const struct layout *layout, size_t align);

/*
 * Takes the run out, restores what the mapping held, and closes the mapping. The arena stays open.
 */
void stage_close(struct stage *s);

/* Lays @layout out; all pages are ordinary. 0 or -errno. */
int stage_set_good(struct stage *s);

/* Puts the mapping's run in, touched when the layout says so. 0 or -errno. */
int stage_set_tested(struct stage *s);

/*
 * Before each trial: puts the run in again when the last trial changed its vma, as happens when
 * VM_PFNMAP is set on fault. 0 or -errno.
 */
int stage_renew(struct stage *s);

/* Takes the run out. */
void stage_clear(struct stage *s);

/* Writes what pages [@first, @first + @count) must hold, where they may be written. */
void stage_refill(struct stage *s, unsigned int first, unsigned int count);

/* Can a system call copy the first byte of the run, at the anchor, or is it EFAULT? */
bool stage_cpu_reads(const struct stage *s);

/*
 * The bytes of page @i, by the mapping's second way when it has one; NULL when the page must not be
 * read.
 */
const char *stage_view(struct stage *s, unsigned int i);

/*
 * True when [@from, @to) of @seen is what page @i of the buffer must hold, or when that is unknown.
 * Otherwise @what (of @size bytes) names the first wrong word.
 */
bool stage_holds(struct stage *s, unsigned int i, const char *seen, size_t from, size_t to,
		 char *what, size_t size);

#endif
