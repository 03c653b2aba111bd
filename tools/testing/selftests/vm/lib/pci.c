// SPDX-License-Identifier: GPL-2.0
/* Which PCI device the tests may touch; see pci.h. */
#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/pci_regs.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attribute.h"
#include "pci.h"

#define IVSHMEM_VENDOR "0x1af4"
#define IVSHMEM_DEVICE "0x1110"
#define IORESOURCE_MEM 0x200	/* include/linux/ioport.h; the third column of "resource" */

const char *pci_named_bdf;

bool pci_exists(const char *bdf)
{
	char path[128];

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/resource", bdf);
	return !strchr(bdf, '/') && !access(path, F_OK);
}

bool pci_attribute(const char *bdf, const char *name, char *text, int size)
{
	char path[128];

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/%s", bdf, name);
	return attribute_line(path, text, size);
}

static bool has_ids(const char *bdf, const char *vendor, const char *device)
{
	char text[16];

	return pci_attribute(bdf, "vendor", text, sizeof(text)) && !strcmp(text, vendor) &&
	       pci_attribute(bdf, "device", text, sizeof(text)) && !strcmp(text, device);
}

static void describe(const char *bdf, struct pci_device *dev)
{
	char path[128], link[256];
	ssize_t len;

	snprintf(dev->bdf, sizeof(dev->bdf), "%s", bdf);
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/driver", bdf);
	len = readlink(path, link, sizeof(link) - 1);
	link[len > 0 ? len : 0] = '\0';
	snprintf(dev->driver, sizeof(dev->driver), "%s", len > 0 ? basename(link) : "");
	dev->test_device = has_ids(bdf, IVSHMEM_VENDOR, IVSHMEM_DEVICE);
}

static bool find_bar(const char *bdf, struct pci_bar *bar)
{
	unsigned long long end, flags;
	char path[128], line[128];
	bool found = false;
	FILE *resource;

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/resource", bdf);
	resource = fopen(path, "re");
	for (bar->index = 0; resource && bar->index < PCI_STD_NUM_BARS; bar->index++) {
		if (!fgets(line, sizeof(line), resource) ||
		    sscanf(line, "%llx %llx %llx", &bar->start, &end, &flags) != 3)
			break;
		found = flags & IORESOURCE_MEM && end - bar->start + 1 >= PAGE;
		if (found)
			break;
	}
	if (resource)
		fclose(resource);
	if (found)
		bar->pages = (end - bar->start + 1) / PAGE;
	return found;
}

/* Its first BAR of memory has at least @least pages, and less than @below. */
static bool has_bar(const char *bdf, size_t least, size_t below)
{
	struct pci_bar bar;

	return find_bar(bdf, &bar) && bar.pages >= least && bar.pages < below;
}

static bool find_like(const char *vendor, const char *device, const char *driver, size_t least,
		      size_t below, struct pci_device *dev)
{
	struct dirent *entry;
	DIR *dir = opendir(PCI_DEVICES);
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !has_ids(entry->d_name, vendor, device))
			continue;
		describe(entry->d_name, dev);
		found = !strcmp(dev->driver, driver) && has_bar(dev->bdf, least, below);
	}
	if (dir)
		closedir(dir);
	return found;
}

bool pci_find_ids(const char *vendor, const char *device, const char *driver,
		  struct pci_device *dev)
{
	return find_like(vendor, device, driver, 0, SIZE_MAX, dev);
}

bool pci_find_giant(const char *driver, struct pci_device *dev)
{
	return find_like(IVSHMEM_VENDOR, IVSHMEM_DEVICE, driver, MAPPING_GIANT / PAGE, SIZE_MAX,
			 dev);
}

int pci_find(struct mapping *m, const char *driver, struct pci_device *dev)
{
	if (!pci_named_bdf) {
		if (find_like(IVSHMEM_VENDOR, IVSHMEM_DEVICE, driver, 1, MAPPING_GIANT / PAGE, dev))
			return 0;
		return mapping_skip(m, "no device to test with%s%s: name one with -- --bdf 0000:01:00.0, "
				    "or run QEMU with -device ivshmem-plain of less than 1 GiB",
				    driver[0] ? " bound to " : "", driver);
	}
	describe(pci_named_bdf, dev);
	if (!strcmp(dev->driver, driver))
		return 0;
	if (!driver[0])
		return mapping_skip(m, "%s is claimed by driver %s: unbind it", dev->bdf,
				    dev->driver);
	return mapping_skip(m, "%s is %s%s: bind it to %s", dev->bdf,
			    dev->driver[0] ? "claimed by driver " : "not bound", dev->driver,
			    driver);
}

static bool memory_decoded(const char *bdf)
{
	uint16_t command = 0;
	char path[128];
	int fd;

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/config", bdf);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (pread(fd, &command, sizeof(command), PCI_COMMAND) != sizeof(command))
		command = 0;
	close(fd);
	return command & PCI_COMMAND_MEMORY;
}

int pci_memory_bar(struct mapping *m, const struct pci_device *dev, struct pci_bar *bar)
{
	if (!find_bar(dev->bdf, bar))
		return mapping_skip(m, "%s has no memory BAR of a page or more: name another device",
				    dev->bdf);
	if (!memory_decoded(dev->bdf))
		return mapping_skip(m, "%s does not decode its memory: echo 1 > " PCI_DEVICES "/%s/enable",
				    dev->bdf, dev->bdf);
	return 0;
}
