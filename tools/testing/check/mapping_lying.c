// SPDX-License-Identifier: GPL-2.0
/*
 * A planted error: anonymous memory that claims to be PFNMAP. The kernel will pin it, so every
 * pinner's test must fail and name it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>

#include "../lib/compiler.h"
#include "mapping.h"

static int lying_open(struct mapping *m)
{
	m->props.vm_flags |= VM_PFNMAP;
	m->props.special = true;
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE;
	return 0;
}

static int lying_place(struct mapping *m __maybe_unused, void *addr, size_t pages)
{
	if (mmap(addr, pages * PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		return -errno;
	return 0;
}

const struct mapping_ops mapping_lying = {
	.name = "lying",
	.open = lying_open,
	.place = lying_place,
};
