// SPDX-License-Identifier: GPL-2.0
/*
 * The ring buffer of a perf event. Ordinary pages behind a fault handler up to 6.13,
 * remap_pfn_range() at mmap since b709eb872e19 ("perf: map pages in advance"). Every placement is a
 * new event, since one event has one ring of one size.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../contract/kernel.h"
#include "mapping.h"

static int event_open(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_DUMMY,
		.size = sizeof(attr),
		.disabled = 1,
		.exclude_kernel = 1,
	};

	return syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static int perf_open(struct mapping *m)
{
	m->fd = event_open();
	if (m->fd < 0) {
		if (errno == EACCES || errno == EPERM)
			return mapping_skip(m, "perf events are not for this user: %s",
					    "sysctl kernel.perf_event_paranoid=2, or run as root");
		return mapping_skip(m, "perf_event_open: %s (CONFIG_PERF_EVENTS)", strerror(errno));
	}
	m->pages = 2;
	m->promised = VM_DONTCOPY | VM_DONTEXPAND | VM_DONTDUMP;
	if (kernel_has(PERF_REMAPPED))
		m->promised |= MAPPING_REMAPPED;
	m->access = MAPPING_READ;
	/* With ordinary pages, perf_mmap_fault() allows writes to the control page only. */
	m->props.file = true;
	m->props.dirty_tracked = true;
	m->props.write_faults = 1;
	return 0;
}

static int perf_place(struct mapping *m, void *addr, size_t pages)
{
	int fd = event_open();

	if (fd < 0)
		return -errno;
	close(m->fd);
	m->fd = fd;
	if (mmap(addr, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) ==
	    MAP_FAILED)
		return -errno;
	return 0;
}

const struct mapping_ops mapping_perf = {
	.name = "perf",
	.what = "the ring of a perf event",
	.open = perf_open,
	.place = perf_place,
};
