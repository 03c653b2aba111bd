// SPDX-License-Identifier: GPL-2.0
/*
 * A PCI BAR through vfio-pci, by group and container and, where the kernel has it
 * (CONFIG_VFIO_DEVICE_CDEV, 6.6), by the device's own character device. The device must already be
 * bound to vfio-pci.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "mapping.h"
#include "pci.h"
#include "vfio.h"

#ifndef VFIO_DEVICE_BIND_IOMMUFD	/* 6.6 */
#define VFIO_DEVICE_BIND_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 18)
struct vfio_device_bind_iommufd {
	__u32 argsz;
	__u32 flags;
	__s32 iommufd;
	__u32 out_devid;
};
#endif

/* Finds a BAR that may be mapped whole and keeps its place in the device's fd. */
static int find_region(struct mapping *m, const struct pci_device *dev)
{
	struct vfio_region_info info = { .argsz = sizeof(info) };

	for (info.index = 0; info.index < VFIO_PCI_ROM_REGION_INDEX; info.index++) {
		if (ioctl(m->fd, VFIO_DEVICE_GET_REGION_INFO, &info) || info.size < PAGE ||
		    !(info.flags & VFIO_REGION_INFO_FLAG_MMAP))
			continue;
		memcpy(m->device, dev->bdf, sizeof(m->device));
		m->offset = info.offset;
		m->pages = info.size / PAGE;
		m->manners = MAPPING_KEEPS;
		m->props.unfreeable = true;
		if (dev->test_device)
			m->manners |= MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE;
		return 0;
	}
	return mapping_skip(m, "%s has no BAR that vfio lets be mapped: name another device",
			    dev->bdf);
}

static int group_open(struct mapping *m)
{
	struct pci_device dev;
	struct vfio v;

	if (pci_find(m, "vfio-pci", &dev) || vfio_open(&v, dev.bdf, m->why, sizeof(m->why)))
		return -1;
	m->fds[0] = v.container;
	m->fds[1] = v.group;
	m->fd = v.device;
	return find_region(m, &dev);
}

static int cdev_node(const struct pci_device *dev, char *path, size_t size)
{
	char name[128];
	struct dirent *entry;
	DIR *dir;

	snprintf(name, sizeof(name), "/sys/bus/pci/devices/%s/vfio-dev", dev->bdf);
	dir = opendir(name);
	path[0] = '\0';
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			snprintf(path, size, "/dev/vfio/devices/%s", entry->d_name);
	if (dir)
		closedir(dir);
	return path[0] && !access(path, F_OK) ? 0 : -1;
}

static int cdev_open(struct mapping *m)
{
	struct vfio_device_bind_iommufd bind = { .argsz = sizeof(bind) };
	struct pci_device dev;
	char path[300];

	if (pci_find(m, "vfio-pci", &dev))
		return -1;
	if (cdev_node(&dev, path, sizeof(path)))
		return mapping_skip(m, "%s has no character device: CONFIG_VFIO_DEVICE_CDEV (6.6)",
				    dev.bdf);
	m->fds[0] = vfio_open_node("/dev/iommu", "CONFIG_IOMMUFD", m->why, sizeof(m->why));
	if (m->fds[0] < 0)
		return -1;
	m->fd = vfio_open_node(path, "CONFIG_VFIO_DEVICE_CDEV", m->why, sizeof(m->why));
	if (m->fd < 0)
		return -1;
	bind.iommufd = m->fds[0];
	if (ioctl(m->fd, VFIO_DEVICE_BIND_IOMMUFD, &bind))
		return mapping_skip(m, "%s: VFIO_DEVICE_BIND_IOMMUFD: %s", path, strerror(errno));
	return find_region(m, &dev);
}

const struct mapping_ops mapping_vfio_group = {
	.name = "vfio_group",
	.open = group_open,
	.place = mapping_place_file,
	.peek = mapping_peek_file,
};

const struct mapping_ops mapping_vfio_cdev = {
	.name = "vfio_cdev",
	.open = cdev_open,
	.place = mapping_place_file,
	.peek = mapping_peek_file,
};
