/* SPDX-License-Identifier: GPL-2.0 */
/* An RDMA device made of software on the loopback interface, and memory registered with it. */
#ifndef PFNMAP_RDMA_H
#define PFNMAP_RDMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rdma {
	char name[32];
	uint32_t index;		/* index of the device that was made */
	int uverbs;
	uint32_t domain;	/* the protection domain's handle */
};

/* Makes a device of @type, "rxe" or "siw", on lo and opens it; 0, or -1 with the reason in @why. */
int rdma_open(struct rdma *r, const char *type, char *why, size_t size);

/* Closes the device, with all its registrations, and removes it. */
void rdma_close(struct rdma *r);

/*
 * A command of the write() interface: @cmd is of @size bytes and begins with a header, which this
 * fills in. It has the address of the answer, which is of @answer bytes. 0 or -errno.
 */
int rdma_command(struct rdma *r, unsigned int number, void *cmd, size_t size, size_t answer);

/* Memory that is registered. */
struct rdma_region {
	uint32_t handle, key;
};

/* Registers [@addr, +@len), with IB_UVERBS_ACCESS_* in @access. 0 with @region set, or -errno. */
int rdma_register(struct rdma *r, const void *addr, size_t len, unsigned int access,
		  struct rdma_region *region);

/* Deregisters it. 0 or -errno. */
int rdma_deregister(struct rdma *r, const struct rdma_region *region);

/*
 * The device finds all pages of [@addr, +@len) now, to write them if @write. They are part of
 * @region, which is registered to be paged on demand, and to be written. 0 or -errno.
 */
int rdma_prefetch(struct rdma *r, const struct rdma_region *region, const void *addr, size_t len,
		  bool write);

#endif
