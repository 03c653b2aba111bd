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
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../lib/attribute.h"
#include "../lib/pci.h"
#include "mapping.h"

#define SERIAL "pfnmap-memory"
#define FEW 8		/* pages; more than any buffer takes of a run that can be split */

/* The disk whose serial number says that it is for tests. */
static bool find_memory(char *path, size_t size)
{
	char serial[64];
	bool found = false;
	glob_t disks;
	size_t i;

	if (glob(PCI_DEVICES "/*/nvme/*/serial", 0, NULL, &disks))
		return false;
	for (i = 0; i < disks.gl_pathc && !found; i++) {
		found = attribute_line(disks.gl_pathv[i], serial, sizeof(serial)) &&
			!strncmp(serial, SERIAL, strlen(SERIAL));
		snprintf(path, size, "%s/../../p2pmem/allocate", dirname(disks.gl_pathv[i]));
	}
	globfree(&disks);
	return found && !access(path, F_OK);
}

static int cmb_open(struct mapping *m)
{
	char path[300];

	if (!find_memory(path, sizeof(path)))
		return mapping_skip(m, "no NVMe disk with the serial number " SERIAL " has memory for its "
				       "peers (needs 6.2, CONFIG_PCI_P2PDMA; QEMU's cmb_size_mb=2)");
	m->fd = open(path, O_RDWR | O_CLOEXEC);
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
