// SPDX-License-Identifier: GPL-2.0
/* Memory registered for RDMA, over the two devices made of software: rxe (RoCE) and siw (iWARP). */
#include <stdint.h>

#include "pinner.h"
#include "../lib/rdma.h"

static struct rdma rdma;
static uint32_t handles[PINNER_MAX_IOVECS];
static int nr_handles;

static int rxe_open(struct pinner *p)
{
	return rdma_open(&rdma, "rxe", p->why, sizeof(p->why));
}

static int siw_open(struct pinner *p)
{
	return rdma_open(&rdma, "siw", p->why, sizeof(p->why));
}

static void close_rdma(struct pinner *p __maybe_unused)
{
	rdma_close(&rdma);
}

static int drop_regions(struct pinner *p __maybe_unused)
{
	int err = 0;

	while (nr_handles && !err)
		err = rdma_deregister(&rdma, handles[--nr_handles]);
	return err;
}

static ssize_t take_regions(struct pinner *p, const struct iovec *iov, int n)
{
	int err;

	for (nr_handles = 0; nr_handles < n; nr_handles++) {
		err = rdma_register(&rdma, iov[nr_handles].iov_base, iov[nr_handles].iov_len,
				    p->mode->writes, &handles[nr_handles]);
		if (err) {
			drop_regions(p);
			return err;
		}
	}
	return pinner_length(iov, n);
}

static const struct pinner_mode rdma_modes[] = {
	{ .name = "write", .longterm = true, .writes = true },
	{ .name = "read", .longterm = true },
	{}
};

#define RDMA_PROPS .asks_again = true, .each_iovec = true, .charged = true, .vm_pin = true, \
		   .by_page = true, .breaks_cow_before = UMEM_SPARES_COW, .partial = ALL_OR_NOTHING

/* drivers/infiniband/core/umem.c, ib_umem_get(). */
const struct pinner_ops pinner_rxe = {
	.name = "rxe",
	.props = { RDMA_PROPS, .fast = true },
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.open = rxe_open,
	.close = close_rdma,
	.take = take_regions,
	.drop = drop_regions,
	.modes = rdma_modes,
};

/* Had a GUP of its own, the slow one: drivers/infiniband/sw/siw/siw_mem.c, siw_umem_get(). */
const struct pinner_ops pinner_siw = {
	.name = "siw",
	.props = { RDMA_PROPS, .fast_since = SIW_USES_UMEM, .code = CODE_SIW },
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.open = siw_open,
	.close = close_rdma,
	.take = take_regions,
	.drop = drop_regions,
	.modes = rdma_modes,
};
