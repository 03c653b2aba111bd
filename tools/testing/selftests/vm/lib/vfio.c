// SPDX-License-Identifier: GPL-2.0
/* A device under vfio-pci; see vfio.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pattern.h"
#include "vfio.h"

/* QEMU, docs/specs/edu.rst. */
#define EDU_VENDOR "0x1234"
#define EDU_DEVICE "0x11e8"
#define EDU_DMA_FROM 0x80
#define EDU_DMA_TO 0x88
#define EDU_DMA_COUNT 0x90
#define EDU_DMA_COMMAND 0x98
#define EDU_DMA_START 1
#define EDU_DMA_TO_RAM 2
#define EDU_MEMORY 0x40000

static int say(char *why, size_t size, const char *what, const char *advice)
{
	snprintf(why, size, "%s: %s: %s", what, strerror(errno), advice);
	return -1;
}

int vfio_open_node(const char *path, const char *config, char *why, size_t size)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		snprintf(why, size, "no %s: %s", path, config);
	else if (errno == EBUSY)
		snprintf(why, size, "%s is in use by another process: wait for its end", path);
	else
		say(why, size, path, "run as root or own the file");
	return -1;
}

static int open_group(const char *bdf, char *why, size_t size)
{
	char link[128], target[256], path[300];
	ssize_t len;

	snprintf(link, sizeof(link), "/sys/bus/pci/devices/%s/iommu_group", bdf);
	len = readlink(link, target, sizeof(target) - 1);
	if (len < 0) {
		snprintf(why, size, "%s has no IOMMU group: boot with intel_iommu=on", bdf);
		return -1;
	}
	target[len] = '\0';
	snprintf(path, sizeof(path), "/dev/vfio/%s", basename(target));
	return vfio_open_node(path, "CONFIG_VFIO_GROUP", why, size);
}

static int connect(struct vfio *v, const char *bdf, char *why, size_t size)
{
	v->container = vfio_open_node("/dev/vfio/vfio", "CONFIG_VFIO_CONTAINER", why, size);
	if (v->container < 0)
		return -1;
	v->group = open_group(bdf, why, size);
	if (v->group < 0)
		return -1;
	if (ioctl(v->group, VFIO_GROUP_SET_CONTAINER, &v->container))
		return say(why, size, "VFIO_GROUP_SET_CONTAINER", "bind the device's whole group");
	if (ioctl(v->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return say(why, size, "VFIO_SET_IOMMU", "CONFIG_VFIO_IOMMU_TYPE1");
	v->device = ioctl(v->group, VFIO_GROUP_GET_DEVICE_FD, bdf);
	if (v->device < 0)
		return say(why, size, "VFIO_GROUP_GET_DEVICE_FD", bdf);
	return 0;
}

int vfio_open(struct vfio *v, const char *bdf, char *why, size_t size)
{
	v->container = v->group = v->device = -1;
	if (!connect(v, bdf, why, size))
		return 0;
	vfio_close(v);
	return -1;
}

void vfio_close(struct vfio *v)
{
	if (v->device >= 0)
		close(v->device);
	if (v->group >= 0)
		close(v->group);
	if (v->container >= 0)
		close(v->container);
}

/* Where a region lies in the device's file, or -1. */
static off_t region(int device, unsigned int index)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = index };

	return ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info) ? -1 : (off_t)info.offset;
}

static bool set_command(int device, uint16_t bit, bool on)
{
	off_t config = region(device, VFIO_PCI_CONFIG_REGION_INDEX), at = config + PCI_COMMAND;
	uint16_t command;

	if (config < 0 || pread(device, &command, sizeof(command), at) != sizeof(command))
		return false;
	command = on ? command | bit : command & ~bit;
	return pwrite(device, &command, sizeof(command), at) == sizeof(command);
}

bool vfio_set_memory(int device, bool on)
{
	return set_command(device, PCI_COMMAND_MEMORY, on);
}

bool vfio_set_master(int device)
{
	return set_command(device, PCI_COMMAND_MASTER, true);
}

int edu_find(struct pci_device *dev, char *why, size_t size)
{
	if (pci_find_ids(EDU_VENDOR, EDU_DEVICE, "vfio-pci", dev))
		return 0;
	snprintf(why, size, "no device that moves memory: run QEMU with -device edu, and bind it to "
		 "vfio-pci");
	return -1;
}

int vfio_open_edu(struct vfio *v, char *why, size_t size)
{
	struct pci_device dev;

	if (edu_find(&dev, why, size))
		return -1;
	if (vfio_open(v, dev.bdf, why, size))
		return -1;
	if (vfio_set_master(v->device))
		return 0;
	vfio_close(v);
	return say(why, size, dev.bdf, "its configuration cannot be written");
}

int vfio_map(struct vfio *v, uint64_t iova, const void *addr, size_t len, bool writable)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | (writable ? VFIO_DMA_MAP_FLAG_WRITE : 0),
		.vaddr = (uintptr_t)addr,
		.iova = iova,
		.size = len,
	};

	return ioctl(v->container, VFIO_IOMMU_MAP_DMA, &map) ? -errno : 0;
}

long long vfio_unmap(struct vfio *v, uint64_t iova, size_t len)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = iova,
		.size = len,
	};

	return ioctl(v->container, VFIO_IOMMU_UNMAP_DMA, &unmap) ? -errno : (long long)unmap.size;
}

static bool edu_set(int edu, off_t reg, uint32_t value)
{
	return pwrite(edu, &value, sizeof(value), reg) == sizeof(value);
}

/* The command's start bit falls when the device is done, after 100 ms. */
static bool edu_wait(int edu, off_t reg)
{
	uint32_t command = EDU_DMA_START;

	while (command & EDU_DMA_START) {
		if (pread(edu, &command, sizeof(command), reg) != sizeof(command))
			return false;
		sched_yield();
	}
	return true;
}

static bool edu_dma(int edu, uint32_t from, uint32_t to, size_t len, uint32_t command)
{
	off_t bar = region(edu, VFIO_PCI_BAR0_REGION_INDEX);

	return bar >= 0 && edu_set(edu, bar + EDU_DMA_FROM, from) &&
	       edu_set(edu, bar + EDU_DMA_TO, to) && edu_set(edu, bar + EDU_DMA_COUNT, len) &&
	       edu_set(edu, bar + EDU_DMA_COMMAND, command) && edu_wait(edu, bar + EDU_DMA_COMMAND);
}

bool edu_copy(int edu, uint32_t from, uint32_t to, size_t len)
{
	/* The device has a page of memory, but QEMU 7.2 exits when its last byte is accessed. */
	return len <= EDU_BYTES && edu_dma(edu, from, EDU_MEMORY, len, EDU_DMA_START) &&
	       edu_dma(edu, EDU_MEMORY, to, len, EDU_DMA_START | EDU_DMA_TO_RAM);
}
