// SPDX-License-Identifier: GPL-2.0
/*
 * A PCI BAR through sysfs, /sys/bus/pci/devices/BDF/resourceN, of a device that no driver has
 * claimed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mapping.h"
#include "../lib/pci.h"

static int resource_open(struct mapping *m)
{
	struct pci_device dev;
	struct pci_bar bar;
	char path[128];

	if (pci_find(m, "", &dev) || pci_memory_bar(m, &dev, &bar))
		return -1;
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource%d", dev.bdf, bar.index);
	m->fd = open(path, O_RDWR | O_CLOEXEC);
	if (m->fd < 0 && errno == EACCES)
		return mapping_skip(m, "%s resource%d: run as root", dev.bdf, bar.index);
	if (m->fd < 0)
		return mapping_skip(m, "%s resource%d: %s (CONFIG_PCI, lockdown=none)", dev.bdf,
				    bar.index, strerror(errno));
	m->pages = bar.pages;
	m->promised = MAPPING_REMAPPED;
	/* pci_mmap_resource_range(): generic_access_phys(), for ptrace. */
	m->props.has_access = m->props.reserved = true;
	memcpy(m->device, dev.bdf, sizeof(m->device));
	m->access = MAPPING_KEEPS;
	if (dev.test_device)
		m->access |= MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE;
	return 0;
}

static int resource_place(struct mapping *m, void *addr, size_t pages)
{
	int err = mapping_place_file(m, addr, pages);

	if (err == -EINVAL)
		mapping_skip(m, "the BAR cannot be mapped: a driver holds it "
				"(CONFIG_IO_STRICT_DEVMEM)");
	return err;
}

const struct mapping_ops mapping_pci_resource = {
	.name = "pci_resource",
	.what = "a PCI BAR by sysfs, resourceN",
	.open = resource_open,
	.place = resource_place,
	/* sysfs has no read() for a memory BAR. */
	.peek = mapping_peek_again,
};
