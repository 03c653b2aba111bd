/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run of a mapping at an address of its own: ordinary memory, for tests without an arena. It
 * begins with a huge page's alignment, and pages that must be refused follow it.
 */
#ifndef PFNMAP_MEMORY_H
#define PFNMAP_MEMORY_H

#include "../mappings/mapping.h"

struct memory {
	struct mapping mapping;
	char *base;		/* NULL: not open */
	size_t pages;		/* of the run */
};

/*
 * Opens @ops and places @pages pages, or a whole granule. Returns NULL, or why not, which stays in
 * @m; then nothing is left open.
 */
const char *memory_open(struct memory *m, const struct mapping_ops *ops, size_t pages);
void memory_close(struct memory *m);

#endif
