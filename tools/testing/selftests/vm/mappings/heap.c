// SPDX-License-Identifier: GPL-2.0
/*
 * A dma-buf of the system heap: the heap's own pages, by remap_pfn_range(). Cameras, codecs and
 * GPUs share such buffers with user space.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "mapping.h"

#define HEAP "/dev/dma_heap/system"
#define FEW 8		/* pages, too few for the heap to take a larger one */

static int heap_open(struct mapping *m)
{
	struct dma_heap_allocation_data all = { .len = FEW * PAGE, .fd_flags = O_RDWR | O_CLOEXEC };
	int heap = open(HEAP, O_RDONLY | O_CLOEXEC);
	int err;

	if (heap < 0)
		return mapping_skip(m, HEAP ": %s (%s)", strerror(errno), errno == EACCES ?
				    "run as root" : "CONFIG_DMABUF_HEAPS_SYSTEM");
	err = ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &all) ? errno : 0;
	close(heap);
	if (err)
		return mapping_skip(m, HEAP ": %s", strerror(err));
	m->fd = all.fd;
	m->pages = FEW;
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE | MAPPING_KEEPS;
	m->promised = MAPPING_REMAPPED;
	m->props.file = m->props.no_mapping = true;
	return 0;
}

const struct mapping_ops mapping_heap = {
	.name = "heap",
	.what = "a dma-buf of the system heap, /dev/dma_heap/system",
	.open = heap_open,
	.place = mapping_place_file,
	.peek = mapping_peek_again,
};
