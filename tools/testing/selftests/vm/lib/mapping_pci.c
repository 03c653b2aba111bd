// SPDX-License-Identifier: GPL-2.0
/* A PCI BAR through sysfs, /sys/bus/pci/devices/BDF/resourceN, of a device no driver has claimed. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mapping.h"
#include "pci.h"

#define IORESOURCE_MEM 0x200	/* include/linux/ioport.h; the third column of "resource" */

/* Finds the first BAR of at least a page that is memory. IVSHMEM's first is its registers: smaller. */
static int find_bar(const char *bdf, size_t *pages)
{
	unsigned long long start, end, flags;
	char path[128], line[128];
	int bar = -1, i;
	FILE *resource;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource", bdf);
	resource = fopen(path, "re");
	for (i = 0; resource && bar < 0 && i < PCI_STD_NUM_BARS; i++) {
		if (!fgets(line, sizeof(line), resource) ||
		    sscanf(line, "%llx %llx %llx", &start, &end, &flags) != 3)
			break;
		if (flags & IORESOURCE_MEM && end - start + 1 >= PAGE) {
			*pages = (end - start + 1) / PAGE;
			bar = i;
		}
	}
	if (resource)
		fclose(resource);
	return bar;
}

static bool memory_decoded(const char *bdf)
{
	uint16_t command = 0;
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", bdf);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (pread(fd, &command, sizeof(command), PCI_COMMAND) != sizeof(command))
		command = 0;
	close(fd);
	return command & PCI_COMMAND_MEMORY;
}

static int resource_open(struct mapping *m)
{
	struct pci_device dev;
	char path[128];
	int bar;

	if (pci_find(m, "", &dev))
		return -1;
	bar = find_bar(dev.bdf, &m->pages);
	if (bar < 0)
		return mapping_skip(m, "%s has no memory BAR of a page or more: name another device",
				    dev.bdf);
	if (!memory_decoded(dev.bdf))
		return mapping_skip(m, "%s does not decode its memory: echo 1 > %s/%s/enable", dev.bdf,
				    "/sys/bus/pci/devices", dev.bdf);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource%d", dev.bdf, bar);
	m->fd = open(path, O_RDWR | O_CLOEXEC);
	if (m->fd < 0 && errno == EACCES)
		return mapping_skip(m, "%s resource%d: run as root", dev.bdf, bar);
	if (m->fd < 0)
		return mapping_skip(m, "%s resource%d: %s (CONFIG_PCI, lockdown=none)", dev.bdf, bar,
				    strerror(errno));
	memcpy(m->device, dev.bdf, sizeof(m->device));
	m->manners = MAPPING_KEEPS;
	if (dev.test_device)
		m->manners |= MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE;
	return 0;
}

static int resource_place(struct mapping *m, void *addr, size_t pages)
{
	if (mmap(addr, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, m->fd, 0) ==
	    MAP_FAILED) {
		if (errno == EINVAL)
			mapping_skip(m, "the BAR cannot be mapped: a driver holds it "
					"(CONFIG_IO_STRICT_DEVMEM)");
		return -errno;
	}
	return 0;
}

/* sysfs has no read() for a memory BAR, so the second way is a second mapping. */
static int resource_peek(struct mapping *m, void *buf, size_t pages)
{
	void *bar = mmap(NULL, pages * PAGE, PROT_READ, MAP_SHARED, m->fd, 0);

	if (bar == MAP_FAILED)
		return -1;
	memcpy(buf, bar, pages * PAGE);
	munmap(bar, pages * PAGE);
	return 0;
}

const struct mapping_ops mapping_pci_resource = {
	.name = "pci_resource",
	.open = resource_open,
	.place = resource_place,
	.peek = resource_peek,
};
