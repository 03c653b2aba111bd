/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where released kernels break the contract. The rules stay as they are; a cell that meets one of
 * these is an expected failure (XFAIL) with a reference, and a plain failure again on a kernel that
 * is said to be fixed.
 */
#ifndef PFNMAP_DEFECT_H
#define PFNMAP_DEFECT_H

#include "contract.h"

struct kernel_version {
	unsigned int major, minor;
};

struct defect {
	const char *reference;		/* file, function, and what goes wrong */
	struct kernel_version since;	/* first release that has it */
	struct kernel_version fixed;	/* first that does not; 0.0 while nobody has mended it */
	/* Does it turn the verdict @want into @seen? */
	bool (*explains)(const struct mapping_props *m, const struct pinner_props *p,
			 const struct buffer *b, struct verdict want, struct verdict seen);
};

/* The defect of this kernel that makes @seen of @want, or NULL. */
const struct defect *defect_find(const struct mapping_props *m, const struct pinner_props *p,
				 const struct buffer *b, struct verdict want, struct verdict seen);

#endif
