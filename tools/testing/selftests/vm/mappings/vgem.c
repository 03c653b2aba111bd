// SPDX-License-Identifier: GPL-2.0
/*
 * A buffer of vgem, a GPU without hardware: pages of shmem that drm_gem_shmem_fault() maps as PFNs,
 * as many drivers of GPUs and displays do. Its vma is VM_PFNMAP without VM_IO.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../contract/kernel.h"
#include "../lib/attribute.h"
#include "mapping.h"

#define FEW 8		/* pages; more than any buffer takes of a run that can be split */
#define CARDS "/dev/dri"

/* Of drm.h and drm_mode.h, which come with libdrm and not with the headers of libc. */
struct drm_mode_create_dumb {
	__u32 height, width, bpp, flags, handle, pitch;
	__u64 size;
};

struct drm_mode_map_dumb {
	__u32 handle, pad;
	__u64 offset;
};

#define DRM_IOCTL_MODE_CREATE_DUMB _IOWR('d', 0xb2, struct drm_mode_create_dumb)
#define DRM_IOCTL_MODE_MAP_DUMB _IOWR('d', 0xb3, struct drm_mode_map_dumb)

/* The buffer lives as long as the descriptor. */
static int make_buffer(struct mapping *m)
{
	struct drm_mode_create_dumb buffer = { .height = FEW, .width = PAGE / 4, .bpp = 32 };
	struct drm_mode_map_dumb map = {};

	if (ioctl(m->fd, DRM_IOCTL_MODE_CREATE_DUMB, &buffer))
		return -1;
	map.handle = buffer.handle;
	if (ioctl(m->fd, DRM_IOCTL_MODE_MAP_DUMB, &map))
		return -1;
	m->offset = map.offset;
	return 0;
}

static int vgem_open(struct mapping *m)
{
	if (!kernel_has(GEM_SHMEM_PFNMAP))
		return mapping_skip(m, "vgem maps ordinary pages (needs 5.16)");
	/* No other card is opened: its first user becomes its master. */
	m->fd = attribute_open_node("/sys/devices/*/vgem/drm/card*", CARDS "/",
				    O_RDWR | O_CLOEXEC);
	if (m->fd < 0)
		return mapping_skip(m, CARDS ": %s (%s)", strerror(-m->fd), m->fd == -EACCES ?
				    "run as root" : "CONFIG_DRM_VGEM, modprobe vgem");
	if (make_buffer(m))
		return mapping_skip(m, "vgem: no buffer: %s", strerror(errno));
	m->pages = FEW;
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE | MAPPING_KEEPS;
	m->promised = VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
	m->props.file = true;
	return 0;
}

const struct mapping_ops mapping_vgem = {
	.name = "vgem",
	.what = "a buffer of vgem, a GPU driver without hardware",
	.open = vgem_open,
	.place = mapping_place_file,
	.peek = mapping_peek_again,
};
