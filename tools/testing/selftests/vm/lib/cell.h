/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One cell of the matrix: a mapping, a pinner, every layout. For each layout the same addresses are
 * first proven with good pages, then the mapping is put over some of them; verdict, bytes, pins and
 * the kernel's peace of mind are compared with the contract.
 */
#ifndef PFNMAP_CELL_H
#define PFNMAP_CELL_H

#include "../mappings/mapping.h"
#include "../pinners/pinner.h"

enum cell_result { CELL_PASS, CELL_FAIL, CELL_SKIP, CELL_XFAIL };

/*
 * What was seen of a mapping by all the cells of a program; shared with forked processes. Only its
 * own pages count: not layouts with a hole, which would be refused anyway.
 */
struct cell_tally {
	unsigned int opened;	/* cells that could open it */
	unsigned int owed;	/* trials that the contract wants to be refused, or cut short */
	unsigned int refused;	/* of those, the ones that were */
	bool recorded;		/* what the mapping is was printed */
	unsigned int taken;	/* trials that the contract allows, and that went through */
};

/* Must be called before the first fork. 0 or -errno. */
int cell_prepare(const struct pinner_ops *const *pinners);

/*
 * Tries the cell. Failures are said on stdout in "# " lines; *@why is the reason of a
 * skip, or the known defect of this kernel that an expected failure met.
 */
enum cell_result cell_try(const struct mapping_ops *mapping, const struct pinner_ops *pinner,
			  const char **why);

/* The tally of mappings[@index]. */
const struct cell_tally *cell_tally(size_t index);

#endif
