/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device under vfio-pci, by its group and a container of its own with a type1 IOMMU: what it may
 * reach of this process's memory, and what QEMU's edu device does with it. The device must be bound
 * already.
 */
#ifndef PFNMAP_VFIO_H
#define PFNMAP_VFIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pci.h"

struct vfio {
	int container, group, device;
};

/* Opens the device and adds its group to a new container; 0, or -1 with the reason in @why. */
int vfio_open(struct vfio *v, const char *bdf, char *why, size_t size);
void vfio_close(struct vfio *v);

/* Switches the memory of the open device @device on or off. True on success. */
bool vfio_set_memory(int device, bool on);

/* Lets the open device @device reach memory: vfio leaves bus mastering to its user. */
bool vfio_set_master(int device);

/* Opens a device node that needs @config; the fd, or -1 with the reason in @why. */
int vfio_open_node(const char *path, const char *config, char *why, size_t size);

/* Finds QEMU's edu device, bound to vfio-pci; 0, or -1 with the reason in @why. */
int edu_find(struct pci_device *dev, char *why, size_t size);

/* Finds edu and opens it; 0, or -1 with the reason in @why. */
int vfio_open_edu(struct vfio *v, char *why, size_t size);

/* Maps [@addr, +@len) at @iova for the device. 0 or -errno. */
int vfio_map(struct vfio *v, uint64_t iova, const void *addr, size_t len, bool writable);

/* Unmaps it; the bytes that were mapped, or -errno. */
long long vfio_unmap(struct vfio *v, uint64_t iova, size_t len);

#define EDU_BYTES 2048UL	/* bytes that edu moves at once, at most */

/*
 * Makes edu, the open device @edu, copy @len bytes from @from, an iova below 2^28, to @to. True
 * when done, after 0.2 s.
 * From memory that it may not reach edu reads anything, and it does not write there.
 */
bool edu_copy(int edu, uint32_t from, uint32_t to, size_t len);

#endif
