// SPDX-License-Identifier: GPL-2.0
/* A run of a mapping at an address of its own; see memory.h. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "layout.h"
#include "memory.h"

#define ROOM (2 * LAYOUT_RUN * PAGE)

const char *memory_open(struct memory *m, const struct mapping_ops *ops, size_t pages)
{
	int err;

	if (mapping_open(&m->mapping, ops))
		return m->mapping.why;
	m->pages = m->mapping.granule > 1 ? m->mapping.granule : pages;
	m->base = mapping_room(ROOM);
	err = m->base ? mapping_place(&m->mapping, m->base, m->pages) : -errno;
	if (!err)
		return NULL;
	if (m->base)
		munmap(m->base, ROOM);
	m->base = NULL;
	mapping_close(&m->mapping);
	return strerror(-err);
}

void memory_close(struct memory *m)
{
	mapping_unplace(&m->mapping, m->base, m->pages);
	munmap(m->base, ROOM);
	mapping_close(&m->mapping);
}
