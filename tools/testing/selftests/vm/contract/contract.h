/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The contract: what the kernel owes for a mapping, a pinner and a buffer. The model of GUP (gup.h)
 * gives the outcome of each page; the pinner's rule (callers.h, and beside the pinner) makes the
 * call's result of the outcomes. No other code knows an errno that depends on the kernel.
 */
#ifndef PFNMAP_CONTRACT_H
#define PFNMAP_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "../lib/layout.h"
#include "../mappings/mapping.h"
#include "gup.h"

struct pinner_ops;

/* A call of a pinner. */
struct call {
	const struct pinner_ops *pinner;
	const struct mapping_props *mapping;	/* of the pages under test */
	const struct buffer *buffer;
	unsigned int flags;	/* enum foll_flag, in this mode or direction */
	bool asked_before;	/* GUP comes to the pages again: their faults have run */
	/* What another thread may have done to the range in the meantime; see race.c. */
	bool fast_misses;	/* GUP-fast found no PTE */
	bool new_vma;		/* the vma was made anew between two calls of GUP */
};

/* The result of a call. */
struct verdict {
	int err;		/* errno, 0: the pages are taken */
	size_t bytes;		/* moved or registered, when err is 0 */
	unsigned int reach;	/* pages whose bytes may have moved although the call fails */
	unsigned int zeroed;	/* behind those, up to this page, the file now has zeros */
	unsigned int page;	/* the first page of the buffer that is refused */
	struct outcome why;
	const char *rule;	/* what the caller makes of that */
};

/* What the kernel owes. */
struct verdict contract_verdict(const struct call *c);

/* The result @got of a call, bytes or -errno. */
struct verdict verdict_seen(ssize_t got);

/* True when the result @got, bytes or -errno, is @want. */
bool contract_met(struct verdict want, ssize_t got);

/* The same for a call in which an allocation failed: it may fail for that, or do less. */
bool contract_met_without_memory(const struct call *c, struct verdict want, ssize_t got);

/* True when the pinner may do less than it was asked for, rather than fail. */
bool contract_may_be_short(const struct call *c);

/*
 * True when page @i must be present after a walk succeeded. /proc/self/pagemap shows nothing of a
 * VM_PFNMAP vma.
 */
bool contract_shows_present(const struct call *c, unsigned int i);

/* False when a store into page @i goes to a copy that this process does not see: a child's. */
bool contract_shows_writes(const struct call *c, unsigned int i);

#endif
