/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device under vfio-pci by its own character device, bound to an iommufd
 * (CONFIG_VFIO_DEVICE_CDEV, 6.6), and the address space through which it reaches our memory.
 */
#ifndef PFNMAP_IOMMUFD_H
#define PFNMAP_IOMMUFD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct iommufd {
	int iommu, device;
	uint32_t ioas;
};

/* Opens and binds the device; 0, or -1 with the reason in @why. */
int iommufd_open(struct iommufd *i, const char *bdf, char *why, size_t size);
void iommufd_close(struct iommufd *i);

/* Gives the device a new address space. Memory mapped in it is held. 0 or -errno. */
int iommufd_attach(struct iommufd *i);

/* Maps [@addr, +@len) at @iova for the device. 0 or -errno. */
int iommufd_map(struct iommufd *i, uint64_t iova, const void *addr, size_t len, bool writable);

/* Unmaps it; the bytes that were mapped, or -errno. */
long long iommufd_unmap(struct iommufd *i, uint64_t iova, size_t len);

#endif
