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
#include <sys/types.h>

struct iommufd {
	int iommu, device;
	uint32_t id;		/* the device's */
	uint32_t ioas;		/* of which memory is mapped */
};

/* Opens and binds the device; 0, or -1 with the reason in @why. */
int iommufd_open(struct iommufd *i, const char *bdf, char *why, size_t size);
void iommufd_close(struct iommufd *i);

/*
 * Finds edu, opens it, and gives it a new address space and the right to reach it; 0, or -1 with
 * the reason in @why.
 */
int iommufd_open_edu(struct iommufd *i, char *why, size_t size);

/* Attaches it to another table: an address space, or a domain of one. 0 or -errno. */
int iommufd_attach_to(struct iommufd *i, uint32_t table);

/* A new address space. 0 or -errno. */
int iommufd_new_ioas(struct iommufd *i, uint32_t *ioas);

/*
 * Another domain of the device's address space, with all that is mapped there (6.7). 0 or -errno.
 */
int iommufd_new_domain(struct iommufd *i, uint32_t *domain);

/* Destroys a domain. 0 or -errno. */
int iommufd_destroy(struct iommufd *i, uint32_t id);

/* Maps in @ioas, at the same iova, what is mapped in the device's address space. 0 or -errno. */
int iommufd_share(struct iommufd *i, uint32_t ioas, uint64_t iova, size_t len);

/* Maps [@addr, +@len) at @iova for the device. 0 or -errno. */
int iommufd_map(struct iommufd *i, uint64_t iova, const void *addr, size_t len, bool writable);

/*
 * Maps [@start, +@len) of the memfd @fd at @iova, readable and writable, without an address of this
 * process (IOMMU_IOAS_MAP_FILE, 6.13). 0 or -errno.
 */
int iommufd_map_file(struct iommufd *i, uint64_t iova, int fd, off_t start, size_t len);

/* Unmaps it; the bytes that were mapped, or -errno. */
long long iommufd_unmap(struct iommufd *i, uint64_t iova, size_t len);

/*
 * With CONFIG_IOMMUFD_TEST, fail-nth counts what is no allocation, too, and what fails then has
 * other errnos (iommufd_should_fail()). Debugfs must be mounted.
 */
bool iommufd_injects_failures(void);

#endif
