// SPDX-License-Identifier: GPL-2.0
/* A device bound to an iommufd; see iommufd.h. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "iommufd.h"
#include "vfio.h"

/*
 * include/uapi/linux/iommufd.h and vfio.h, which have these since 6.2 and 6.6, but domains since
 * 6.7 and files since 6.13.
 */
#define DESTROY _IO(';', 0x80)
#define IOAS_ALLOC _IO(';', 0x81)
#define IOAS_COPY _IO(';', 0x83)
#define IOAS_MAP _IO(';', 0x85)
#define IOAS_UNMAP _IO(';', 0x86)
#define HWPT_ALLOC _IO(';', 0x89)
#define IOAS_MAP_FILE _IO(';', 0x8f)
#define IOAS_FIXED_IOVA 1U
#define IOAS_WRITEABLE 2U
#define IOAS_READABLE 4U
#define BIND_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 18)
#define ATTACH_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 19)

struct destroy {
	__u32 size, id;
};

struct ioas_alloc {
	__u32 size, flags, id;
};

struct ioas_copy {
	__u32 size, flags, to, from;
	__u64 len, to_iova, from_iova;
};

struct hwpt_alloc {
	__u32 size, flags, device, ioas, id, reserved;
};

struct ioas_map {
	__u32 size, flags, ioas, reserved;
	__u64 addr, len, iova;
};

struct ioas_map_file {
	__u32 size, flags, ioas;
	__s32 fd;
	__u64 start, len, iova;
};

struct ioas_unmap {
	__u32 size, ioas;
	__u64 iova, len;
};

struct bind_iommufd {
	__u32 argsz, flags;
	__s32 iommufd;
	__u32 out_devid;
};

struct attach_iommufd {
	__u32 argsz, flags, table;
};

static bool find_node(const char *bdf, char *path, size_t size)
{
	char name[128];
	struct dirent *entry;
	DIR *dir;

	snprintf(name, sizeof(name), "/sys/bus/pci/devices/%s/vfio-dev", bdf);
	dir = opendir(name);
	path[0] = '\0';
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			snprintf(path, size, "/dev/vfio/devices/%s", entry->d_name);
	if (dir)
		closedir(dir);
	return path[0] && !access(path, F_OK);
}

static int bind(struct iommufd *i, const char *path, char *why, size_t size)
{
	struct bind_iommufd bind = { .argsz = sizeof(bind) };

	i->iommu = vfio_open_node("/dev/iommu", "CONFIG_IOMMUFD", why, size);
	if (i->iommu < 0)
		return -1;
	i->device = vfio_open_node(path, "CONFIG_VFIO_DEVICE_CDEV", why, size);
	if (i->device < 0)
		return -1;
	bind.iommufd = i->iommu;
	if (!ioctl(i->device, BIND_IOMMUFD, &bind)) {
		i->id = bind.out_devid;
		return 0;
	}
	snprintf(why, size, "%s: VFIO_DEVICE_BIND_IOMMUFD: %s", path, strerror(errno));
	return -1;
}

int iommufd_open(struct iommufd *i, const char *bdf, char *why, size_t size)
{
	char path[300];

	i->iommu = i->device = -1;
	if (!find_node(bdf, path, sizeof(path))) {
		snprintf(why, size, "%s has no character device: CONFIG_VFIO_DEVICE_CDEV (6.6)",
			 bdf);
		return -1;
	}
	if (!bind(i, path, why, size))
		return 0;
	iommufd_close(i);
	return -1;
}

void iommufd_close(struct iommufd *i)
{
	if (i->device >= 0)
		close(i->device);
	if (i->iommu >= 0)
		close(i->iommu);
}

int iommufd_new_ioas(struct iommufd *i, uint32_t *ioas)
{
	struct ioas_alloc alloc = { .size = sizeof(alloc) };

	if (ioctl(i->iommu, IOAS_ALLOC, &alloc))
		return -errno;
	*ioas = alloc.id;
	return 0;
}

int iommufd_attach_to(struct iommufd *i, uint32_t table)
{
	struct attach_iommufd attach = { .argsz = sizeof(attach), .table = table };

	return ioctl(i->device, ATTACH_IOMMUFD, &attach) ? -errno : 0;
}

int iommufd_open_edu(struct iommufd *i, char *why, size_t size)
{
	struct pci_device dev;
	int err;

	if (edu_find(&dev, why, size) || iommufd_open(i, dev.bdf, why, size))
		return -1;
	err = iommufd_new_ioas(i, &i->ioas) ?: iommufd_attach_to(i, i->ioas);
	if (!err && vfio_set_master(i->device))
		return 0;
	iommufd_close(i);
	snprintf(why, size, "VFIO_DEVICE_ATTACH_IOMMUFD_PT: %s", strerror(err ? -err : EIO));
	return -1;
}

int iommufd_new_domain(struct iommufd *i, uint32_t *domain)
{
	struct hwpt_alloc alloc = { .size = sizeof(alloc), .device = i->id, .ioas = i->ioas };

	if (ioctl(i->iommu, HWPT_ALLOC, &alloc))
		return -errno;
	*domain = alloc.id;
	return 0;
}

int iommufd_destroy(struct iommufd *i, uint32_t id)
{
	struct destroy destroy = { .size = sizeof(destroy), .id = id };

	return ioctl(i->iommu, DESTROY, &destroy) ? -errno : 0;
}

int iommufd_share(struct iommufd *i, uint32_t ioas, uint64_t iova, size_t len)
{
	struct ioas_copy copy = {
		.size = sizeof(copy),
		.flags = IOAS_FIXED_IOVA | IOAS_READABLE | IOAS_WRITEABLE,
		.to = ioas,
		.from = i->ioas,
		.len = len,
		.to_iova = iova,
		.from_iova = iova,
	};

	return ioctl(i->iommu, IOAS_COPY, &copy) ? -errno : 0;
}

int iommufd_map(struct iommufd *i, uint64_t iova, const void *addr, size_t len, bool writable)
{
	struct ioas_map map = {
		.size = sizeof(map),
		.flags = IOAS_FIXED_IOVA | IOAS_READABLE | (writable ? IOAS_WRITEABLE : 0),
		.ioas = i->ioas,
		.addr = (uintptr_t)addr,
		.len = len,
		.iova = iova,
	};

	return ioctl(i->iommu, IOAS_MAP, &map) ? -errno : 0;
}

int iommufd_map_file(struct iommufd *i, uint64_t iova, int fd, off_t start, size_t len)
{
	struct ioas_map_file map = {
		.size = sizeof(map),
		.flags = IOAS_FIXED_IOVA | IOAS_READABLE | IOAS_WRITEABLE,
		.ioas = i->ioas,
		.fd = fd,
		.start = start,
		.len = len,
		.iova = iova,
	};

	return ioctl(i->iommu, IOAS_MAP_FILE, &map) ? -errno : 0;
}

long long iommufd_unmap(struct iommufd *i, uint64_t iova, size_t len)
{
	struct ioas_unmap unmap = {
		.size = sizeof(unmap),
		.ioas = i->ioas,
		.iova = iova,
		.len = len,
	};

	return ioctl(i->iommu, IOAS_UNMAP, &unmap) ? -errno : (long long)unmap.len;
}

bool iommufd_injects_failures(void)
{
	return !access("/sys/kernel/debug/fail_iommufd", F_OK);
}
