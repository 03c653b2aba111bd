/* SPDX-License-Identifier: GPL-2.0 */
/* A queue pair of rxe that is connected to itself: the device copies between two of its regions. */
#ifndef PFNMAP_RDMA_PAIR_H
#define PFNMAP_RDMA_PAIR_H

#include "rdma.h"

struct rdma_pair {
	struct rdma *rdma;
	struct rdma_queue *sent, *done;
	size_t sent_size, done_size;
	uint32_t completions, pair;	/* handles */
	uint32_t number;		/* of the pair, in packets */
	unsigned int gid;		/* the index of 127.0.0.1 */
	/* Its own end of a copy, registered as long as it is open: the device lets go late. */
	char *buffer;
	struct rdma_region region;
};

/* 0 or -errno: ENODEV when lo has not the address 127.0.0.1. */
int rdma_pair_open(struct rdma_pair *q, struct rdma *r);
void rdma_pair_close(struct rdma_pair *q);

/*
 * Copies @len bytes from @addr, which is in @region, to @other, or the other way round where
 * @fills. 0 or -errno: EIO when the device cannot.
 */
int rdma_pair_copy(struct rdma_pair *q, const struct rdma_region *region, void *addr, size_t len,
		   char *other, bool fills);

#endif
