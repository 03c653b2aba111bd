/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One cell of the matrix: a mapping, a pinner, every layout. For each layout the addresses are
 * first proven with ordinary pages; then the mapping is put over some of them. Result, bytes, pins,
 * warnings and taint are compared with the contract.
 */
#ifndef PFNMAP_CELL_H
#define PFNMAP_CELL_H

#include "../mappings/mapping.h"
#include "../pinners/pinner.h"

enum cell_result { CELL_PASS, CELL_FAIL, CELL_SKIP, CELL_XFAIL };

/*
 * What all cells of a program saw of a mapping; shared with forked processes. Layouts with a hole
 * do not count: the hole is refused anyway.
 */
struct cell_tally {
	unsigned int opened;	/* cells that could open it */
	unsigned int owed;	/* trials that the contract refuses, or cuts short */
	unsigned int refused;	/* trials of those that the kernel refused, or cut short */
	bool recorded;		/* the line of the mapping was printed */
	unsigned int taken;	/* trials that the contract allows, and that succeeded */
};

/* Must be called before the first fork. 0 or -errno. */
int cell_prepare(const struct pinner_ops *const *pinners);

/*
 * Tries the cell. Failures are printed on stdout in "# " lines. *@why is the reason of a skip, or
 * the known defect that an expected failure met.
 */
enum cell_result cell_try(const struct mapping_ops *mapping, const struct pinner_ops *pinner,
			  const char **why);

/* The tally of mappings[@index]. */
const struct cell_tally *cell_tally(size_t index);

#endif
