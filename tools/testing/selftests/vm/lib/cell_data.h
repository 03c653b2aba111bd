/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the data of a cell's trials goes and comes from, and the check that it arrived; and the
 * cell itself, which cell.c and cell_data.c share.
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
	bool proving;			/* that ordinary pages are taken */
	unsigned int in_slots, out_slots;	/* slots of the scratch files, used so far */
	bool failed;
	const struct defect *defect;	/* a known defect that the cell met */
	struct cell_tally *tally;
	struct results results[MODES];
};

/* Prints on stdout what failed, and where. */
void cell_fail(struct cell *c, const char *fmt, ...) __printf(2, 3);

/* Is the buffer too long to look at each of its pages? */
bool cell_is_long(const struct buffer *b);

/*
 * The same, or an expected failure when @known is not NULL: the defect of this kernel that explains
 * it.
 */
void cell_fail_unless(struct cell *c, const struct defect *known, const char *fmt, ...)
	__printf(3, 4);

/* Pages of a buffer that are looked at. */
struct group {
	unsigned int first, count;
};

#define MAX_GROUPS 3

/*
 * All pages of a short buffer. For a long one: its ends, and where batches of 256 pages meet. Fills
 * @groups in order and returns their number.
 */
int cell_groups_of(const struct buffer *b, struct group *groups);

/*
 * The place in the file to read of the data for the next trial; it differs from that of the last
 * trial.
 */
off_t cell_in_slot(struct cell *c);

/*
 * The place in the file to write for the next trial; it holds nothing that looks like the trial's
 * data.
 */
off_t cell_out_slot(struct cell *c);

/*
 * After a trial with verdict @v at @slot: the pages @g of the buffer have moved as far as @v says,
 * in the file or in memory, and no other byte of them has. The memory is then restored.
 */
void cell_check_file(struct cell *c, struct group g, struct verdict v, off_t slot);
void cell_check_memory(struct cell *c, struct group g, struct verdict v, off_t slot);

#endif
