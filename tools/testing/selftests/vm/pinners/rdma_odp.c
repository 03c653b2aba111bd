// SPDX-License-Identifier: GPL-2.0
/*
 * Memory registered for RDMA to be paged on demand: nothing is pinned. The device finds the pages
 * when it is asked to prefetch them, by mm/hmm.c and not by GUP, and forgets them when the process
 * changes the range. Of the software devices, rxe can.
 */
#include <errno.h>
#include <rdma/ib_user_ioctl_verbs.h>
#include <string.h>

#include "../lib/rdma.h"
#include "pinner.h"

/* A region that is not writable is not found for a prefetch: rxe_ib_prefetch_sg_list(). */
#define ACCESS (IB_UVERBS_ACCESS_ON_DEMAND | IB_UVERBS_ACCESS_LOCAL_WRITE)

static struct rdma rdma;

static int find_pages(void *addr, size_t len, bool write)
{
	struct rdma_region region;
	int dropped, err = rdma_register(&rdma, addr, len, ACCESS, &region);

	if (err)
		return err;
	err = rdma_prefetch(&rdma, &region, addr, len, write);
	dropped = rdma_deregister(&rdma, &region);
	return err ? err : dropped;
}

static int rxe_odp_open(struct pinner *p)
{
	static char page[MAX_PAGE] __aligned(MAX_PAGE);
	int err;

	if (rdma_open(&rdma, "rxe", p->why, sizeof(p->why)))
		return -1;
	err = find_pages(page, PAGE, true);
	if (!err)
		return 0;
	rdma_close(&rdma);
	return pinner_skip(p, "rxe does not page on demand: %s: needs 6.17, "
			   "CONFIG_INFINIBAND_ON_DEMAND_PAGING", strerror(-err));
}

static void rxe_odp_close(struct pinner *p __maybe_unused)
{
	rdma_close(&rdma);
}

static ssize_t take_on_demand(struct pinner *p, const struct iovec *iov, int n)
{
	int i, err;

	for (i = 0; i < n; i++) {
		err = find_pages(iov[i].iov_base, iov[i].iov_len, p->mode->flags & FOLL_WRITE);
		if (err)
			return err;
	}
	return pinner_length(iov, n);
}

static const struct pinner_mode odp_modes[] = {
	{ .name = "write", .flags = FOLL_WRITE },
	{ .name = "read" },
	{}
};

static struct outcome refuse(int err, enum step step, const char *reason, const char *function)
{
	return (struct outcome){ .err = err, .step = step, .reason = reason, .function = function };
}

/* hmm_vma_walk_test() does not know secretmem; check_vma_flags() in mm/gup.c does. */
static struct outcome hmm_range_fault(const struct call *c, unsigned int i)
{
	static const struct outcome taken = {
		.reason = "ordinary page", .function = "hmm_vma_handle_pte(), mm/hmm.c",
	};
	struct user_page page = call_page(c, i);

	if (!page.vm_flags)
		return refuse(EFAULT, NO_VMA, "no vma", "hmm_vma_walk_hole(), mm/hmm.c");
	if (page.vm_flags & (VM_IO | VM_PFNMAP) || page.pfnmap_on_fault)
		return refuse(EFAULT, VMA_FLAGS, "the vma is VM_IO or VM_PFNMAP",
			      "hmm_vma_walk_test(), mm/hmm.c");
	if (!(page.vm_flags & VM_READ))
		return refuse(EFAULT, VMA_FLAGS, "the vma is not VM_READ",
			      "hmm_vma_walk_test(), mm/hmm.c");
	if (page.secretmem)
		return refuse(EFAULT, VMA_FLAGS, "the vma is memfd_secret's",
			      "check_vma_flags(), mm/gup.c");
	if (c->flags & FOLL_WRITE && !(page.vm_flags & VM_WRITE))
		return refuse(EPERM, FAULT, "to write, and no VM_WRITE", "hmm_do_fault(), mm/hmm.c");
	if (!cpu_access(&page, c->flags))
		return refuse(EFAULT, FAULT, "no page for the fault: VM_FAULT_SIGBUS",
			      "hmm_do_fault(), mm/hmm.c");
	if (page.pte == PTE_SPECIAL)
		return refuse(EFAULT, PTE, "special PTE without a struct page",
			      "hmm_vma_handle_pte(), mm/hmm.c");
	return taken;
}

static struct verdict ib_umem_odp_map_dma_and_lock(const struct call *c)
{
	return pinned_iovec_by_iovec(c, hmm_range_fault);
}

/* The device then reads by an address that the kernel has unmapped, and the kernel dies. */
static bool secretmem_is_taken(const struct call *c, struct verdict want, struct verdict seen)
{
	return c->mapping->secretmem && want.err == EFAULT && !seen.err;
}

static const struct defect odp_defects[] = {
	{ .id = HMM_TAKES_SECRETMEM, .explains = secretmem_is_taken },
	{}
};

const struct pinner_ops pinner_rxe_odp = {
	.name = "rxe_odp",
	.rule = ib_umem_odp_map_dma_and_lock,
	.caller = "ib_umem_odp_map_dma_and_lock(), drivers/infiniband/core/umem_odp.c",
	.flags = GUP_NO_PAGES,
	.defects = odp_defects,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.open = rxe_odp_open,
	.close = rxe_odp_close,
	.take = take_on_demand,
	.modes = odp_modes,
};
