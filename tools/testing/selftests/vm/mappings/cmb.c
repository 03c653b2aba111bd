// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of a PCI device that its peers may access: the controller memory buffer of an NVMe disk.
 * Its pages are of ZONE_DEVICE (MEMORY_DEVICE_PCI_P2PDMA), in a vma of VM_MIXEDMAP, and only
 * callers with FOLL_PCI_P2PDMA may take them (4003f107fa2e, 6.2). Each mmap() is of other memory.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>

#include "mapping.h"

#define FEW 8		/* pages; more than any buffer takes of a run that can be split */

static int cmb_open(struct mapping *m)
{
	glob_t devices;

	if (glob("/sys/bus/pci/devices/*/p2pmem/allocate", 0, NULL, &devices))
		return mapping_skip(m, "no PCI device has memory for its peers (needs 6.2, CONFIG_PCI_P2PDMA, "
				       "an NVMe disk with a memory buffer)");
	m->fd = open(devices.gl_pathv[0], O_RDWR | O_CLOEXEC);
	globfree(&devices);
	if (m->fd < 0)
		return mapping_skip(m, "p2pmem/allocate: %s: run as root", strerror(errno));
	m->pages = FEW;
	m->promised = VM_MIXEDMAP;
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE;
	m->props.p2pdma = m->props.zone_device = m->props.file = true;
	/* kernfs_vma_page_mkwrite() */
	m->props.dirty_tracked = true;
	return 0;
}

/* The memory is as its last user left it. */
static int cmb_place(struct mapping *m, void *addr, size_t pages)
{
	int err = mapping_place_file(m, addr, pages);

	if (!err)
		memset(addr, 0, pages * PAGE);
	return err;
}

const struct mapping_ops mapping_cmb = {
	.name = "cmb",
	.what = "memory of a PCI device for its peers, an NVMe disk's",
	.open = cmb_open,
	.place = cmb_place,
};
