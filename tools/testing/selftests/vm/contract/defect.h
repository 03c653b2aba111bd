/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where released kernels break the contract. The rules stay as they are; a cell that meets one of
 * these is an expected failure (XFAIL) with a reference, and a plain failure again on a kernel that
 * is said to be fixed.
 */
#ifndef PFNMAP_DEFECT_H
#define PFNMAP_DEFECT_H

#include "contract.h"

enum flaw {
	NO_FLAW,
	OVERCHARGES,		/* charges for pages that were not taken */
	KEEPS_PAGES,		/* when memory runs out */
	LOSES_BYTES,		/* of what it said it took */
	LOSES_ERRNO,		/* when memory runs out */
	KEEPS_MEMORY,		/* of the kernel's own, when it refuses */
	PINS_BACKWARDS,		/* to read what it will write to, and the other way round */
};

struct defect {
	const char *reference;		/* file, function, and what goes wrong */
	struct kernel_version since;	/* first release that has it */
	struct kernel_version fixed;	/* first that does not; 0.0 while nobody has mended it */
	/* Does it turn the verdict @want into @seen? NULL when it is not about verdicts. */
	bool (*explains)(const struct mapping_props *m, const struct pinner_props *p,
			 const struct buffer *b, struct verdict want, struct verdict seen);
	/* Does it put the bytes of page @i elsewhere? NULL when it is not about bytes. */
	bool (*misplaces)(const struct mapping_props *m, const struct pinner_props *p,
			  const struct buffer *b, unsigned int i);
	/* Does it take pages without a charge, and not give them back? NULL when it does not. */
	bool (*leaks)(const struct mapping_props *m, const struct pinner_props *p);
	enum flaw flaw;			/* for all else, of the kernel's code */
	enum code code;
};

/* The defect of this kernel that makes @seen of @want, or NULL. */
const struct defect *defect_find(const struct mapping_props *m, const struct pinner_props *p,
				 const struct buffer *b, struct verdict want, struct verdict seen);

/* The defect of this kernel by which page @i of @b has not got its own bytes, or NULL. */
const struct defect *defect_find_bytes(const struct mapping_props *m, const struct pinner_props *p,
				       const struct buffer *b, unsigned int i);

/* The defect of this kernel by which @p keeps pages of @m, and is not charged for them, or NULL. */
const struct defect *defect_find_leak(const struct mapping_props *m, const struct pinner_props *p);

/* The defect of this kernel by which the code behind @p has that flaw, or NULL. */
const struct defect *defect_find_flaw(const struct pinner_props *p, enum flaw flaw);

#endif
