// SPDX-License-Identifier: GPL-2.0
/*
 * Memory registered for RDMA, with the two software devices: rxe (RoCE) and siw (iWARP). rxe moves
 * data by a queue pair that is connected to itself. Where the memory is registered to be paged on
 * demand, nothing is pinned: the device finds the pages by mm/hmm.c, and forgets them when the
 * process changes the range.
 */
#include <errno.h>
#include <rdma/ib_user_ioctl_verbs.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "pinner.h"
#include "../lib/limited.h"
#include "../lib/rdma.h"
#include "../lib/rdma_pair.h"

static struct rdma rdma;
static struct rdma_pair pair;
static struct rdma_region regions[PINNER_MAX_IOVECS];
static int nr_regions;

static int rxe_open(struct pinner *p)
{
	int err;

	if (rdma_open(&rdma, "rxe", p->why, sizeof(p->why)))
		return -1;
	err = rdma_pair_open(&pair, &rdma);
	if (!err)
		return 0;
	rdma_close(&rdma);
	return pinner_skip(p, "rxe cannot send to itself: %s%s", strerror(-err), err == -ENODEV ?
			   ": ip address add 127.0.0.1/8 dev lo, ip link set lo up" : "");
}

static void rxe_close(struct pinner *p __maybe_unused)
{
	rdma_pair_close(&pair);
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

static void siw_close(struct pinner *p __maybe_unused)
{
	limited_restore();
	rdma_close(&rdma);
}

static int drop_regions(struct pinner *p __maybe_unused)
{
	int err = 0;

	while (nr_regions && !err)
		err = rdma_deregister(&rdma, &regions[--nr_regions]);
	return err;
}

static ssize_t register_all(struct pinner *p, const struct iovec *iov, int n, unsigned int access)
{
	int err;

	for (nr_regions = 0; nr_regions < n; nr_regions++) {
		err = rdma_register(&rdma, iov[nr_regions].iov_base, iov[nr_regions].iov_len,
				    access, &regions[nr_regions]);
		if (err) {
			drop_regions(p);
			return err;
		}
	}
	return pinner_length(iov, n);
}

static ssize_t take_regions(struct pinner *p, const struct iovec *iov, int n)
{
	return register_all(p, iov, n, p->mode->flags & FOLL_WRITE ?
			    IB_UVERBS_ACCESS_LOCAL_WRITE : 0);
}

/* rxe does not find a region that is not writable for a prefetch: rxe_ib_prefetch_sg_list(). */
static ssize_t prefetch_all(struct pinner *p, const struct iovec *iov, int n, bool write)
{
	ssize_t got = register_all(p, iov, n, IB_UVERBS_ACCESS_ON_DEMAND |
				   IB_UVERBS_ACCESS_LOCAL_WRITE);
	int i, err = 0;

	if (got < 0)
		return got;
	for (i = 0; i < n && !err; i++)
		err = rdma_prefetch(&rdma, &regions[i], iov[i].iov_base, iov[i].iov_len, write);
	if (!err)
		return got;
	drop_regions(p);
	return err;
}

static ssize_t take_on_demand(struct pinner *p, const struct iovec *iov, int n)
{
	return prefetch_all(p, iov, n, p->mode->flags & FOLL_WRITE);
}

static int rxe_odp_open(struct pinner *p)
{
	static char page[MAX_PAGE] __aligned(MAX_PAGE);
	const struct iovec iov = { page, PAGE };
	ssize_t got;

	if (rxe_open(p))
		return -1;
	got = prefetch_all(p, &iov, 1, true);
	drop_regions(p);
	if (got > 0)
		return 0;
	rxe_close(p);
	return pinner_skip(p, "rxe does not page on demand: %s: needs 6.17, "
			   "CONFIG_INFINIBAND_ON_DEMAND_PAGING", strerror(-got));
}

static const struct rdma_region *moved;

static ssize_t rxe_copy(struct pinner *p __maybe_unused, enum direction dir,
			const struct iovec *iov, int n __maybe_unused, char *bounce)
{
	int err = rdma_pair_copy(&pair, moved, iov->iov_base, iov->iov_len, bounce,
				 dir == FROM_FILE);

	return err ? err : (ssize_t)iov->iov_len;
}

static ssize_t rxe_move(struct pinner *p, enum direction dir, void *buf, size_t len, int i,
			off_t at)
{
	const struct iovec iov = { buf, len };

	moved = &regions[i];
	return pinner_bounce(p, dir, &iov, 1, at, rxe_copy);
}

/* A packet that stays within a page is right from the page's start on: ODP_MISPLACES_BYTES. */
static ssize_t rxe_odp_move(struct pinner *p, enum direction dir, void *buf, size_t len, int i,
			    off_t at)
{
	size_t done, part = len;
	ssize_t got;

	if (!defect_find_flaw(p->ops, MISPLACES_FIRST_PAGE))
		return rxe_move(p, dir, buf, len, i, at);
	for (done = 0; done < len; done += part) {
		part = PAGE - ((uintptr_t)buf + done) % PAGE;
		if (part > len - done)
			part = len - done;
		got = rxe_move(p, dir, (char *)buf + done, part, i, at + done);
		if (got < 0)
			return got;
	}
	return len;
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
		return refuse(EFAULT, VMA_FLAGS, "the vma is memfd_secret's, as for GUP",
			      "hmm_vma_walk_test(), mm/hmm.c");
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

/*
 * The device would then read by an address that the kernel has unmapped, and the kernel would die.
 * To prefetch does no harm, and a cell does not use what was taken against the contract.
 */
static bool secretmem_is_taken(const struct call *c, struct verdict want, struct verdict seen)
{
	return c->mapping->secretmem && want.err == EFAULT && !seen.err;
}

static const struct defect odp_defects[] = {
	{ .id = HMM_TAKES_SECRETMEM, .explains = secretmem_is_taken },
	{ .id = ODP_MISPLACES_BYTES, .flaw = MISPLACES_FIRST_PAGE },
	{}
};

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
	.close = rxe_close,
	.take = take_regions,
	.move = rxe_move,
	.drop = drop_regions,
	.modes = rdma_modes,
};

const struct pinner_ops pinner_rxe_odp = {
	.name = "rxe_odp",
	.rule = ib_umem_odp_map_dma_and_lock,
	.caller = "ib_umem_odp_map_dma_and_lock(), drivers/infiniband/core/umem_odp.c",
	.defects = odp_defects,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.open = rxe_odp_open,
	.close = rxe_close,
	.take = take_on_demand,
	.move = rxe_odp_move,
	.drop = drop_regions,
	.modes = odp_modes,
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
