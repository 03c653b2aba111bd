// SPDX-License-Identifier: GPL-2.0
/*
 * A PCI BAR through vfio-pci, by group and container and, where the kernel has it
 * (CONFIG_VFIO_DEVICE_CDEV, 6.6), by the device's own character device. The device must be bound to
 * vfio-pci already.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "../lib/iommufd.h"
#include "../lib/layout.h"
#include "../contract/kernel.h"
#include "mapping.h"
#include "../lib/pci.h"
#include "../lib/vfio.h"

/*
 * Finds a BAR of @pages pages or more that may be mapped whole, and notes its offset in the
 * device's fd.
 */
static int find_region(struct mapping *m, const struct pci_device *dev, size_t pages)
{
	struct vfio_region_info info = { .argsz = sizeof(info) };

	for (info.index = 0; info.index < VFIO_PCI_ROM_REGION_INDEX; info.index++) {
		if (ioctl(m->fd, VFIO_DEVICE_GET_REGION_INFO, &info) || info.size < pages * PAGE ||
		    !(info.flags & VFIO_REGION_INFO_FLAG_MMAP))
			continue;
		memcpy(m->device, dev->bdf, sizeof(m->device));
		m->offset = info.offset;
		m->pages = info.size / PAGE;
		m->access = MAPPING_KEEPS;
		m->promised = MAPPING_REMAPPED;
		m->props.reserved = true;
		if (dev->test_device)
			m->access |= MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE;
		return 0;
	}
	return mapping_skip(m, "%s has no BAR of %zu KiB that vfio lets be mapped: name another device",
			    dev->bdf, pages * PAGE / 1024);
}

/* Opens @dev by its group, and finds a BAR of @pages pages or more. */
static int open_bar_of(struct mapping *m, const struct pci_device *dev, size_t pages)
{
	struct vfio v;

	if (vfio_open(&v, dev->bdf, m->why, sizeof(m->why)))
		return -1;
	m->fds[0] = v.container;
	m->fds[1] = v.group;
	m->fd = v.device;
	return find_region(m, dev, pages);
}

static int group_open_bar(struct mapping *m, size_t pages)
{
	struct pci_device dev;

	return pci_find(m, "vfio-pci", &dev) ? -1 : open_bar_of(m, &dev, pages);
}

static int group_open(struct mapping *m)
{
	return group_open_bar(m, 1);
}

static int cdev_open(struct mapping *m)
{
	struct pci_device dev;
	struct iommufd i;

	if (pci_find(m, "vfio-pci", &dev) || iommufd_open(&i, dev.bdf, m->why, sizeof(m->why)))
		return -1;
	m->fds[0] = i.iommu;
	m->fd = i.device;
	return find_region(m, &dev, 1);
}

/*
 * As many pages as a page table has entries. vfio_pci_mmap_huge_fault() wants aligned frames, too,
 * and a BAR is aligned to its size.
 */
static int huge_open(struct mapping *m)
{
	const size_t pages = PAGE / sizeof(__u64);

	if (pages != LAYOUT_RUN)
		return mapping_skip(m, "it cannot be laid out: a huge page has %zu pages", pages);
	m->granule = pages;
	m->props.by_pmd = kernel_has(VFIO_HUGE_FAULTS);
	return group_open_bar(m, pages);
}

/* Without the advice, huge faults are for machines on which all memory may be huge. */
static int huge_place(struct mapping *m, void *addr, size_t pages)
{
	int err = mapping_place_file(m, addr, pages);

	if (!err)
		madvise(addr, pages * PAGE, MADV_HUGEPAGE);
	return err;
}

static int giant_open(struct mapping *m)
{
	struct pci_device dev;

	if (!pci_find_giant("vfio-pci", &dev))
		return mapping_skip(m, "no ivshmem-plain of 1 GiB is bound to vfio-pci");
	m->granule = MAPPING_GIANT / PAGE;
	return open_bar_of(m, &dev, m->granule);
}

const struct mapping_ops mapping_vfio_group = {
	.name = "vfio_group",
	.what = "a PCI BAR by VFIO, group and container",
	.open = group_open,
	.place = mapping_place_file,
	.peek = mapping_peek_file,
};

const struct mapping_ops mapping_vfio_cdev = {
	.name = "vfio_cdev",
	.what = "a PCI BAR by VFIO, the device's own file",
	.open = cdev_open,
	.place = mapping_place_file,
	.peek = mapping_peek_file,
};

const struct mapping_ops mapping_vfio_huge = {
	.name = "vfio_huge",
	.what = "a huge page of a PCI BAR by VFIO, by the PMD where the kernel does so",
	.open = huge_open,
	.place = huge_place,
	.peek = mapping_peek_file,
};

/* Not in list.h: no layout has room for it. */
const struct mapping_ops mapping_vfio_giant = {
	.name = "vfio_giant",
	.what = "1 GiB of a PCI BAR by VFIO, by the PUD where the kernel does so",
	.open = giant_open,
	.place = huge_place,
	.peek = mapping_peek_file,
};
