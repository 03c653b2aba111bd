/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A buffer in an arena with a mapping's run in it, and what each of its pages holds by right. It
 * knows nothing of pinners: it sets the scene and afterwards says what has changed in it.
 */
#ifndef PFNMAP_STAGE_H
#define PFNMAP_STAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "layout.h"
#include "../mappings/mapping.h"

#define STAGE_RUN 4	/* pages of a run whose bytes are known; the granule of a huge page is not */

struct stage {
	struct mapping mapping;
	struct arena arena;
	struct buffer buffer;
	bool tested;			/* the run is in place; else all pages are good */
	char found[STAGE_RUN * PAGE];	/* what the mapping's first pages held before we came */
};

/* Opens the arena for @s->mapping, which is open, and gives the run known bytes. 0 or -errno. */
int stage_open(struct stage *s);

/* Puts back what the mapping held. The arena stays open. */
void stage_restore(struct stage *s);

/*
 * For a test that has one layout: opens the mapping and the stage and lays @layout out, all its pages
 * good, for a pinner that wants multiples of @align. Returns NULL, or why it cannot; stage_close()
 * undoes it.
 */
const char *stage_lay_out(struct stage *s, const struct mapping_ops *ops,
			  const struct layout *layout, size_t align);

/* Takes the run out, puts back what the mapping held, and closes that. The arena stays open. */
void stage_close(struct stage *s);

/* Lays @layout out; all pages are good. 0 or -errno. */
int stage_set_good(struct stage *s);

/* Puts the mapping's run in, touched where the layout says so. 0 or -errno. */
int stage_set_tested(struct stage *s);

/*
 * Before each trial: puts the run in anew where the last one has made another vma of it, which is
 * what happens to one that is late. 0 or -errno.
 */
int stage_renew(struct stage *s);

/* Takes the run out. */
void stage_clear(struct stage *s);

/* Writes what pages [@first, @first + @count) hold by right, where they may be written. */
void stage_refill(struct stage *s, unsigned int first, unsigned int count);

/* Can a system call copy the first byte of the run, at the anchor, or is it EFAULT? */
bool stage_cpu_reads(const struct stage *s);

/* The bytes of page @i, by the second way where there is one; NULL where nobody may look. */
const char *stage_view(struct stage *s, unsigned int i);

/*
 * True when [@from, @to) of @seen is what page @i of the buffer holds by right, or when nobody can
 * know. Otherwise @what (of @size bytes) names the first wrong word.
 */
bool stage_holds(struct stage *s, unsigned int i, const char *seen, size_t from, size_t to,
		 char *what, size_t size);

#endif
