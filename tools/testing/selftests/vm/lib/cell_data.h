/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the data of a cell's trials goes and comes from, and whether it went; and the cell itself,
 * which cell.c and cell_data.c share.
 */
#ifndef PFNMAP_CELL_DATA_H
#define PFNMAP_CELL_DATA_H

#include <stdbool.h>
#include <sys/types.h>

#include "compiler.h"
#include "../contract/defect.h"
#include "oracle.h"
#include "../pinners/pinner.h"
#include "stage.h"

#define MODES 8		/* of a pinner, at the most */

/* What was observed in one mode or direction. */
struct results {
	char how[32];		/* "" ends the list */
	char text[1024];	/* of each layout */
};

struct cell {
	struct stage stage;
	struct pinner pinner;
	struct oracle before;
	struct charges charged;		/* before the registration that is tried */
	bool proving;			/* that good pages are taken */
	unsigned int in_slots, out_slots;	/* of the scratch files, used so far */
	bool failed;
	const struct defect *defect;	/* of this kernel, that was met */
	struct cell_tally *tally;
	struct results results[MODES];
};

/* Says on stdout what failed, and where. */
void cell_fail(struct cell *c, const char *fmt, ...) __printf(2, 3);

/* Too long for each of its pages to be looked at. */
bool cell_is_long(const struct buffer *b);

/* The same, or an expected failure where @known is the defect of this kernel that did it. */
void cell_fail_unless(struct cell *c, const struct defect *known, const char *fmt, ...)
	__printf(3, 4);

/* Pages of a buffer that are looked at. */
struct group {
	unsigned int first, count;
};

#define MAX_GROUPS 3

/*
 * All pages of a short buffer; of a long one its ends, and where batches of 256 pages meet. Fills
 * @groups in order and returns how many there are.
 */
int cell_groups_of(const struct buffer *b, struct group *groups);

/* Where the file to read has the data for the next trial, which differs from the last one's. */
off_t cell_in_slot(struct cell *c);

/* Where the file to write has room for the next trial, and nothing that could pass for its data. */
off_t cell_out_slot(struct cell *c);

/*
 * After a trial with verdict @v at @slot: pages @g of the buffer have moved as far as @v says, in the
 * file or in memory, and no other byte of these pages has. Memory is then as it was before.
 */
void cell_check_file(struct cell *c, struct group g, struct verdict v, off_t slot);
void cell_check_memory(struct cell *c, struct group g, struct verdict v, off_t slot);

#endif
