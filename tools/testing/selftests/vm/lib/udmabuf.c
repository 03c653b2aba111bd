// SPDX-License-Identifier: GPL-2.0
/* Dma-bufs of memfds; see udmabuf.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "udmabuf.h"

int udmabuf_memfd(size_t bytes, unsigned int flags)
{
	int fd = memfd_create("pfnmap-udmabuf", MFD_CLOEXEC | MFD_ALLOW_SEALING | flags);

	if (fd < 0)
		return -1;
	if (!ftruncate(fd, bytes) && !fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK))
		return fd;
	close(fd);
	return -1;
}

static struct udmabuf_create_list *new_list(const struct udmabuf_create_item *parts,
					    unsigned int count)
{
	struct udmabuf_create_list *list = malloc(sizeof(*list) + count * sizeof(*parts));

	if (!list)
		return NULL;
	list->flags = UDMABUF_FLAGS_CLOEXEC;
	list->count = count;
	memcpy(list->list, parts, count * sizeof(*parts));
	return list;
}

int udmabuf_create(const struct udmabuf_create_item *parts, unsigned int count)
{
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC), fd;
	struct udmabuf_create_list *list;

	if (device < 0)
		return -errno;
	list = new_list(parts, count);
	fd = list ? ioctl(device, UDMABUF_CREATE_LIST, list) : -1;
	if (fd < 0)
		fd = -errno;
	free(list);
	close(device);
	return fd;
}

const char *udmabuf_advice(int err)
{
	return err == -EACCES ? "group kvm, or run as root" : "CONFIG_UDMABUF";
}
