/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The PCI device that the tests may touch: the one that the user named, or QEMU's ivshmem-plain,
 * known by its ids, whose BAR 2 is RAM. No driver is ever bound or unbound here.
 */
#ifndef PFNMAP_PCI_H
#define PFNMAP_PCI_H

#include <stdbool.h>

#include "../mappings/mapping.h"

#define PCI_DEVICES "/sys/bus/pci/devices"

struct pci_device {
	char bdf[16];		/* 0000:00:04.0 */
	char driver[32];	/* the driver that is bound to it, or "" */
	bool test_device;	/* ivshmem: its BAR is memory that is safe to touch */
};

/* The BDF the user gave by --bdf or VFIO_SELFTESTS_BDF, or NULL. Not owned. */
extern const char *pci_named_bdf;

/* True when @bdf names a device of this machine. */
bool pci_exists(const char *bdf);

/*
 * Finds the device for a mapping that needs it bound to @driver ("" for none). Returns 0, or -1
 * with the reason in @m->why.
 */
int pci_find(struct mapping *m, const char *driver, struct pci_device *dev);

/* Finds a device with a BAR of memory by its ids, as sysfs has them, and its driver ("": none). */
bool pci_find_ids(const char *vendor, const char *device, const char *driver,
		  struct pci_device *dev);

/* Finds an IVSHMEM of 1 GiB or more, which is no other test's. */
bool pci_find_giant(const char *driver, struct pci_device *dev);

/* A BAR that is memory. */
struct pci_bar {
	int index;
	unsigned long long start;	/* physical address */
	size_t pages;
};

/*
 * Finds the device's first BAR that is memory, has at least a page and is decoded. IVSHMEM's first
 * BAR is its registers: smaller. Returns 0, or -1 with the reason in @m->why.
 */
int pci_memory_bar(struct mapping *m, const struct pci_device *dev, struct pci_bar *bar);

/* Reads a one-line sysfs file of the device into @text; false when the file is missing. */
bool pci_attribute(const char *bdf, const char *name, char *text, int size);

#endif
