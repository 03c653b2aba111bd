// SPDX-License-Identifier: GPL-2.0
/*
 * A dma-buf of /dev/udmabuf, which is made of the pages of a memfd, and which the driver pins
 * (memfd_pin_folios(), since 6.11). Its vma is VM_PFNMAP without VM_IO since 7d79cd784470: special
 * PTEs of ordinary pages. Before, a fault returned the pages themselves.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../contract/kernel.h"
#include "../lib/oracle.h"
#include "../lib/udmabuf.h"
#include "../lib/zone.h"
#include "mapping.h"

#define FEW 8		/* pages; more than any buffer takes of a run that can be split */

/* Is a page of the memfd in ZONE_MOVABLE, or not to be seen? */
static bool is_movable(const struct mapping *m)
{
	char *view = mmap(NULL, FEW * PAGE, PROT_READ, MAP_SHARED, m->fds[0], 0);
	bool movable = false;
	unsigned long long frame;
	size_t i;

	if (view == MAP_FAILED)
		return zone_has_movable();
	for (i = 0; i < FEW; i++) {
		(void)*(volatile char *)(view + i * PAGE);
		frame = oracle_frame(view + i * PAGE);
		movable |= frame ? zone_is_movable(frame) : zone_has_movable();
	}
	munmap(view, FEW * PAGE);
	return movable;
}

static int udmabuf_open(struct mapping *m)
{
	struct udmabuf_create_item all = { .size = FEW * PAGE };
	int fd;

	m->fds[0] = udmabuf_memfd(FEW * PAGE, 0);
	if (m->fds[0] < 0)
		return mapping_skip(m, "memfd: %s (CONFIG_MEMFD_CREATE)", strerror(errno));
	all.memfd = m->fds[0];
	fd = udmabuf_create(&all, 1);
	if (fd < 0)
		return mapping_skip(m, "/dev/udmabuf: %s (%s)", strerror(-fd), udmabuf_advice(fd));
	m->fd = fd;
	if (!kernel_has(MEMFD_PINNED) && is_movable(m))
		return mapping_skip(m, "a page that the driver only has a reference to cannot leave ZONE_MOVABLE: needs 6.11");
	m->pages = FEW;
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE | MAPPING_KEEPS;
	if (kernel_has(UDMABUF_PFNMAP))
		m->promised = VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
	m->props.file = true;
	return 0;
}

static int udmabuf_peek(struct mapping *m, void *buf, size_t page)
{
	return pread(m->fds[0], buf, PAGE, page * PAGE) == (ssize_t)PAGE ? 0 : -1;
}

const struct mapping_ops mapping_udmabuf = {
	.name = "udmabuf",
	.what = "a dma-buf of /dev/udmabuf",
	.open = udmabuf_open,
	.place = mapping_place_file,
	.peek = udmabuf_peek,
};
