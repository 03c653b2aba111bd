// SPDX-License-Identifier: GPL-2.0
/*
 * A dma-buf of /dev/udmabuf, which is made of the pages of a memfd, and which the driver pins
 * (memfd_pin_folios(), since 6.11). Its vma is VM_PFNMAP without VM_IO since 7d79cd784470: special
 * PTEs of ordinary pages. Before, a fault returned the pages themselves.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/udmabuf.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../contract/kernel.h"
#include "mapping.h"

#define DEVICE "/dev/udmabuf"
#define FEW 8		/* pages; more than any buffer takes of a run that can be split */

static int make_dmabuf(int memory)
{
	struct udmabuf_create create = {
		.memfd = memory,
		.flags = UDMABUF_FLAGS_CLOEXEC,
		.size = FEW * PAGE,
	};
	int device = open(DEVICE, O_RDWR | O_CLOEXEC);
	int fd;

	if (device < 0)
		return -1;
	fd = ioctl(device, UDMABUF_CREATE, &create);
	close(device);
	return fd;
}

static int udmabuf_open(struct mapping *m)
{
	/* It cannot shrink: the driver takes no other. */
	m->fds[0] = memfd_create("pfnmap-udmabuf", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (m->fds[0] < 0 || ftruncate(m->fds[0], FEW * PAGE) ||
	    fcntl(m->fds[0], F_ADD_SEALS, F_SEAL_SHRINK))
		return mapping_skip(m, "memfd: %s (CONFIG_MEMFD_CREATE)", strerror(errno));
	m->fd = make_dmabuf(m->fds[0]);
	if (m->fd < 0)
		return mapping_skip(m, DEVICE ": %s (%s)", strerror(errno),
				    errno == EACCES ? "group kvm, or run as root" :
						      "CONFIG_UDMABUF");
	m->pages = FEW;
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE | MAPPING_KEEPS;
	if (kernel_has(UDMABUF_PFNMAP))
		m->promised = VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
	m->props.file = true;
	return 0;
}

static int udmabuf_peek(struct mapping *m, void *buf, size_t pages)
{
	return pread(m->fds[0], buf, pages * PAGE, 0) == (ssize_t)(pages * PAGE) ? 0 : -1;
}

const struct mapping_ops mapping_udmabuf = {
	.name = "udmabuf",
	.what = "a dma-buf of " DEVICE,
	.open = udmabuf_open,
	.place = mapping_place_file,
	.peek = udmabuf_peek,
};
