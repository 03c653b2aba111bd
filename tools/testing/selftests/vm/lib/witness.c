// SPDX-License-Identifier: GPL-2.0
/* Bytes left in a device's memory; see witness.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scratch.h"
#include "witness.h"

/* A page that no cell touches: cells use the first ones. */
#define LEFT_PAGE 6
#define RUN (LEFT_PAGE + 1)

static const char *copy_in(struct mapping *m, char *run)
{
	unsigned int salt = (unsigned int)mapping_index(m->ops);
	const struct scratch *s = scratch_get(SCRATCH_MEMORY);
	char *page = run + LEFT_PAGE * PAGE;

	if (s->in < 0)
		return s->why;
	if (mapping_place(m, run, RUN))
		return "the BAR cannot be mapped";
	/* A different page for each mapping, so that two BARs cannot be confused. */
	if (pread(s->in, page, PAGE, salt * PAGE) != (ssize_t)PAGE)
		return "the kernel could not copy into the BAR";
	if (!pattern_holds(page, scratch_in_id(salt), 0, PAGE))
		return "the BAR does not read what was copied into it";
	printf(WITNESS_SAYS, m->device, LEFT_PAGE, (unsigned long long)scratch_in_id(salt),
	       PAGE);
	return NULL;
}

int witness_leave(const struct mapping_ops *ops, const char **why)
{
	static struct mapping m;
	void *run;

	if (mapping_open(&m, ops)) {
		*why = m.why;
		return 1;
	}
	if (!(m.access & MAPPING_WRITE) || m.pages < RUN) {
		mapping_close(&m);
		*why = "only a QEMU ivshmem-plain is known not to mind";
		return 1;
	}
	run = mmap(NULL, RUN * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*why = run == MAP_FAILED ? strerror(errno) : copy_in(&m, run);
	mapping_close(&m);
	return *why ? -1 : 0;
}
