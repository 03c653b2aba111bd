/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where released kernels break the contract. The rules stay as they are. A cell that meets a known
 * defect is an expected failure (XFAIL) with a reference; on a kernel that has the fix it is a
 * failure. The table in kernel.c says which kernels have a defect; its effect is described beside
 * the pinner that shows it.
 */
#ifndef PFNMAP_DEFECT_H
#define PFNMAP_DEFECT_H

#include "contract.h"
#include "kernel.h"

enum flaw {
	NO_FLAW,
	OVERCHARGES,		/* charges for pages that were not taken */
	UNCHARGED,		/* charges nobody */
	KEEPS_PAGES,		/* keeps pages when memory runs out */
	LOSES_BYTES,		/* loses bytes that it counted as done */
	MISPLACES_FIRST_PAGE,	/* puts the bytes of the page that a move begins in elsewhere */
	LOSES_ERRNO,		/* loses the errno when memory runs out */
	CUT_KEEPS_PAGES,	/* keeps pages when it gives back what is no whole block */
	KEEPS_MEMORY,		/* keeps kernel memory when it refuses */
	PINS_BACKWARDS,		/* has FOLL_WRITE reversed */
	READS_BY_CPU,		/* copies by the CPU what it cannot pin */
	READS_PARTS_BY_CPU,	/* the same, for a part of a page */
	CANNOT_BE_KILLED,	/* waits for a page for ever, although it was killed */
};

/* A pinner's .defects are an array of these, ended by one without an id. */
struct defect {
	enum kernel_change id;
	/* Does it turn the verdict @want into @seen? NULL when it is not about verdicts. */
	bool (*explains)(const struct call *c, struct verdict want, struct verdict seen);
	/* Does it put the bytes of page @i elsewhere? NULL when it is not about bytes. */
	bool (*misplaces)(const struct call *c, unsigned int i);
	/* Does it move the bytes of page @i although the call fails? NULL when it does not. */
	bool (*moves)(const struct call *c, unsigned int i);
	/* Does it keep pages of that mapping, and not charge them? NULL when it does not. */
	bool (*leaks)(const struct mapping_props *m);
	bool leaks_long;	/* only in layouts of more than one batch of pages */
	/*
	 * Does it kill the kernel, or damage data, for that mapping? @m is NULL for "every
	 * mapping". NULL when it does neither.
	 */
	bool (*kills)(const struct pinner_ops *pinner, const struct mapping_props *m);
	enum flaw flaw;		/* for all other effects */
};

/* The defect of this kernel that turns @want into @seen, or NULL. */
const struct defect *defect_find(const struct call *c, struct verdict want, struct verdict seen);

/* The defect of this kernel that puts the bytes of page @i elsewhere, or NULL. */
const struct defect *defect_find_bytes(const struct call *c, unsigned int i);

/* The defect of this kernel that moves the bytes of page @i although the call fails, or NULL. */
const struct defect *defect_find_moved(const struct call *c, unsigned int i);

/* The defect of this kernel that makes @pinner keep pages of @m uncharged, or NULL. */
const struct defect *defect_find_leak(const struct pinner_ops *pinner,
				      const struct mapping_props *m);

/* The defect of this kernel that gives the code behind @pinner that flaw, or NULL. */
const struct defect *defect_find_flaw(const struct pinner_ops *pinner, enum flaw flaw);

/*
 * Says that the test looks for @d, once; @d may be NULL. The report notes a defect that was looked
 * for and did not show: its kernel is fixed, or the test is blind.
 */
void defect_look_for(const struct defect *d);

/* The same for each defect of this kernel that may show in a call with the verdict @want. */
void defect_look_for_all(const struct call *c, struct verdict want);

/*
 * The defect of this kernel that kills it, or damages data, when @pinner gets pages of @m, or of
 * any mapping when @m is NULL; or NULL. Such tests are left out.
 */
const struct defect *defect_find_deadly(const struct pinner_ops *pinner,
					const struct mapping_props *m);

/*
 * Why they are left out, or NULL. The text is valid until the next call. PFNMAP_KERNEL_HAS="NAME=0"
 * runs such tests all the same.
 */
const char *defect_left_out(const struct pinner_ops *pinner, const struct mapping_props *m);

/* The same for a test in which the flaw would show, and leave a process that nothing ends. */
const char *defect_left_out_for(const struct pinner_ops *pinner, enum flaw flaw);

/*
 * For a test that is about one defect, @entry, which @shows in its result: looks for it where this
 * kernel has it. Returns the reference of an expected failure, or NULL.
 */
const char *defect_seen(enum kernel_change entry, bool shows);

/* File and function of the kernel, and what goes wrong. */
const char *defect_reference(const struct defect *d);

#endif
