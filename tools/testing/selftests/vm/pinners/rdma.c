// SPDX-License-Identifier: GPL-2.0
/* Memory registered for RDMA, with the two software devices: rxe (RoCE) and siw (iWARP). */
#include <rdma/ib_user_ioctl_verbs.h>
#include <stdint.h>
#include <unistd.h>

#include "pinner.h"
#include "../lib/limited.h"
#include "../lib/rdma.h"

static struct rdma rdma;
static struct rdma_region regions[PINNER_MAX_IOVECS];
static int nr_regions;

static int rxe_open(struct pinner *p)
{
	return rdma_open(&rdma, "rxe", p->why, sizeof(p->why));
}

static void close_rdma(struct pinner *p __maybe_unused)
{
	rdma_close(&rdma);
}

/* siw charges a task with CAP_IPC_LOCK, too, and before 5.16 RLIMIT_MEMLOCK is 64 KiB for root. */
static int siw_open(struct pinner *p)
{
	if (rdma_open(&rdma, "siw", p->why, sizeof(p->why)))
		return -1;
	if (limited_raise(p->why, sizeof(p->why)))
		return 0;
	rdma_close(&rdma);
	return -1;
}

static void siw_close(struct pinner *p)
{
	limited_restore();
	close_rdma(p);
}

static int drop_regions(struct pinner *p __maybe_unused)
{
	int err = 0;

	while (nr_regions && !err)
		err = rdma_deregister(&rdma, &regions[--nr_regions]);
	return err;
}

static unsigned int writable(const struct pinner *p)
{
	return p->mode->flags & FOLL_WRITE ? IB_UVERBS_ACCESS_LOCAL_WRITE : 0;
}

static ssize_t take_regions(struct pinner *p, const struct iovec *iov, int n)
{
	int err;

	for (nr_regions = 0; nr_regions < n; nr_regions++) {
		err = rdma_register(&rdma, iov[nr_regions].iov_base, iov[nr_regions].iov_len,
				    writable(p), &regions[nr_regions]);
		if (err) {
			drop_regions(p);
			return err;
		}
	}
	return pinner_length(iov, n);
}

static const struct pinner_mode rdma_modes[] = {
	{ .name = "write", .flags = FOLL_LONGTERM | FOLL_WRITE },
	{ .name = "read", .flags = FOLL_LONGTERM },
	{}
};

/* Before 6.2 a read-only region was pinned for write with FOLL_FORCE, to break COW. */
static unsigned int ib_umem_flags(const struct call *c)
{
	if ((c->flags & FOLL_WRITE) || kernel_has(RDMA_READ_ONLY))
		return c->flags;
	return c->flags | FOLL_WRITE | FOLL_FORCE;
}

static struct verdict ib_umem_get(const struct call *c)
{
	struct call ib_umem = *c;

	ib_umem.flags = ib_umem_flags(c) | GUP_FAST;
	return pinned_iovec_by_iovec(&ib_umem, call_gup);
}

/* Without SIW_IB_UMEM siw calls slow GUP itself: drivers/infiniband/sw/siw/siw_mem.c. */
static struct verdict siw_umem_get(const struct call *c)
{
	struct call ib_umem = *c;

	if (kernel_has(SIW_IB_UMEM))
		return ib_umem_get(c);
	ib_umem.flags = ib_umem_flags(c);
	return pinned_iovec_by_iovec(&ib_umem, call_gup);
}

/* Only the pinned pages are charged, not whole compound pages. */
static size_t ib_umem_account_pin(const struct call *c __maybe_unused, unsigned int pages)
{
	return pages;
}

static const struct defect siw_defects[] = {
	{ .id = SIW_KEEPS_PAGES, .flaw = KEEPS_PAGES },
	{}
};

const struct pinner_ops pinner_rxe = {
	.name = "rxe",
	.rule = ib_umem_get,
	.caller = "ib_umem_get(), drivers/infiniband/core/umem.c",
	.flags = FOLL_PIN,
	.vm_pin = ib_umem_account_pin,
	.charged = true,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.open = rxe_open,
	.close = close_rdma,
	.take = take_regions,
	.drop = drop_regions,
	.modes = rdma_modes,
};

const struct pinner_ops pinner_siw = {
	.name = "siw",
	.rule = siw_umem_get,
	.caller = "siw_umem_get(), drivers/infiniband/sw/siw/siw_mem.c",
	.flags = FOLL_PIN,
	.vm_pin = ib_umem_account_pin,
	.defects = siw_defects,
	.charged = true,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.open = siw_open,
	.close = siw_close,
	.take = take_regions,
	.drop = drop_regions,
	.modes = rdma_modes,
};
