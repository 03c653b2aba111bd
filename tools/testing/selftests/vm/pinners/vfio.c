// SPDX-License-Identifier: GPL-2.0
/*
 * User memory mapped for DMA of a device. A type1 container pins 512 pages at a time; it is the
 * caller that met the bug fixed by 7196040e19ad, since 4b6c33b32296. It takes the PFN of a page
 * that GUP refuses when the vma is VM_PFNMAP and the PFN is reserved. An iommufd pins while a
 * device is attached and takes no PFNs.
 */
#define _GNU_SOURCE
#include <errno.h>

#include "../lib/iommufd.h"
#include "pinner.h"
#include "../lib/vfio.h"

#define IOVA (1ULL << 24)	/* of the first iovec; the DMA limit of edu is 2^28 */

static struct vfio vfio;
static struct iommufd iommufd;

static int map_type1(uint64_t iova, const void *addr, size_t len, bool writable)
{
	return vfio_map(&vfio, iova, addr, len, writable);
}

static long long unmap_type1(uint64_t iova, size_t len)
{
	return vfio_unmap(&vfio, iova, len);
}

static int map_iommufd(uint64_t iova, const void *addr, size_t len, bool writable)
{
	return iommufd_map(&iommufd, iova, addr, len, writable);
}

static long long unmap_iommufd(uint64_t iova, size_t len)
{
	return iommufd_unmap(&iommufd, iova, len);
}

/* The state of a pinner. */
static struct mapper {
	int (*map)(uint64_t iova, const void *addr, size_t len, bool writable);
	long long (*unmap)(uint64_t iova, size_t len);
	size_t mapped;		/* bytes from IOVA on */
} type1 = { map_type1, unmap_type1, 0 }, iommu = { map_iommufd, unmap_iommufd, 0 };

static int type1_open(struct pinner *p)
{
	p->state = &type1;
	return vfio_open_edu(&vfio, p->why, sizeof(p->why));
}

static void type1_close(struct pinner *p __maybe_unused)
{
	vfio_close(&vfio);
}

static int iommufd_pinner_open(struct pinner *p)
{
	p->state = &iommu;
	return iommufd_open_edu(&iommufd, p->why, sizeof(p->why));
}

static void iommufd_pinner_close(struct pinner *p __maybe_unused)
{
	iommufd_close(&iommufd);
}

/* The same number of bytes must be unmapped that was mapped. */
static int drop_maps(struct pinner *p)
{
	struct mapper *m = p->state;
	size_t was = m->mapped;
	long long got;

	m->mapped = 0;
	if (!was)
		return 0;
	got = m->unmap(IOVA, was);
	if (got >= 0 && (size_t)got != was)
		pinner_complain(p, "%zu bytes were mapped, %lld bytes were unmapped", was, got);
	return got < 0 ? got : 0;
}

static ssize_t take_maps(struct pinner *p, const struct iovec *iov, int n)
{
	bool writable = p->mode->flags & FOLL_WRITE;
	struct mapper *m = p->state;
	int i, err;

	for (i = 0; i < n; i++) {
		err = m->map(IOVA + m->mapped, iov[i].iov_base, iov[i].iov_len, writable);
		if (err) {
			drop_maps(p);
			return err;
		}
		m->mapped += iov[i].iov_len;
	}
	/* A second mapping of the same IOVA must fail. */
	err = m->map(IOVA, iov[0].iov_base, iov[0].iov_len, writable);
	if (err != -EEXIST)
		pinner_complain(p, "second mapping of an IOVA: %d, not -EEXIST", err);
	return m->mapped;
}

static const struct pinner_mode map_modes[] = {
	{ .name = "write", .flags = FOLL_LONGTERM | FOLL_WRITE },
	{ .name = "read", .flags = FOLL_LONGTERM },
	{}
};

static const struct outcome not_reserved = {
	.err = EFAULT, .step = PTE,
	.reason = "the page is not reserved, or the PTE does not permit the access",
	.function = "follow_fault_pfn(), drivers/vfio/vfio_iommu_type1.c",
};

/*
 * vfio takes the PFN of a page that GUP refuses when the vma is VM_PFNMAP and the PFN is reserved.
 */
static struct outcome vaddr_get_pfns(const struct call *c, unsigned int i)
{
	static const struct outcome by_pfn = {
		.reason = "vfio takes the PFN",
		.function = "follow_fault_pfn(), drivers/vfio/vfio_iommu_type1.c",
	};
	struct user_page page = call_page(c, i);
	struct outcome o = call_gup(c, i);

	if (!o.err)
		return o;
	if (!(page.vm_flags & VM_PFNMAP) && !page.pfnmap_on_fault)
		return o;
	return page.reserved && follow_pfnmap_start(&page, c->flags) ? by_pfn : not_reserved;
}

static struct verdict vfio_pin_map_dma(const struct call *c)
{
	return pinned_iovec_by_iovec(c, vaddr_get_pfns);
}

static struct verdict pfn_reader_user_pin(const struct call *c)
{
	return pinned_iovec_by_iovec(c, call_gup);
}

/*
 * Reserved pages are not charged. Before 6.2 a long-term pin for read of a private mapping took the
 * zero page or another reserved page; since 84209e87c696 it breaks COW.
 */
static size_t vfio_lock_acct(const struct call *c, unsigned int pages)
{
	const struct mapping_props *m = c->mapping;
	bool reserved = (m->zero_page || m->private_reserved) && !(c->flags & FOLL_WRITE) &&
			!kernel_has(LONGTERM_UNSHARE);
	size_t locked = 0;
	unsigned int i;

	for (i = 0; i < pages; i++)
		locked += layout_kind(c->buffer, i) == GOOD || (!m->reserved && !reserved);
	return locked;
}

/*
 * vfio does not unpin a page when is_invalid_reserved_pfn() is true. Pages of device DAX are
 * PageReserved (__init_zone_device_page()), but vfio pinned them. The same is true of vdso pages
 * before 6.2; since 6.2 vfio pins a copy.
 */
static bool reserved_is_kept(const struct mapping_props *m)
{
	return m->zone_device || (m->private_reserved && !kernel_has(LONGTERM_UNSHARE));
}

/* vfio puts the slot's PFN into the IOMMU, also when the vma becomes VM_PFNMAP. */
static bool slot_is_mapped(const struct pinner_ops *pinner __maybe_unused,
			   const struct mapping_props *m)
{
	return m && m->special && !(m->vm_flags & (VM_IO | VM_PFNMAP));
}

/* follow_pfn() finds nothing behind a PMD. */
static bool pmd_is_einval(const struct call *c, struct verdict want, struct verdict seen)
{
	return c->mapping->by_pmd && want.err && seen.err == EINVAL;
}

/* follow_fault_pfn() calls follow_pte(). */
static bool pmd_is_a_bug(const struct pinner_ops *pinner __maybe_unused,
			 const struct mapping_props *m)
{
	return m && m->by_pmd && m->special;
}

static const struct defect type1_defects[] = {
	{ .id = PFN_SLOT_UNWRITTEN, .kills = slot_is_mapped },
	{ .id = HUGE_PFN_NOT_SPECIAL, .explains = pmd_is_einval },
	{ .id = FOLLOW_PTE_BUG_ON_PMD, .kills = pmd_is_a_bug },
	{ .id = VFIO_KEEPS_RESERVED, .leaks = reserved_is_kept },
	{}
};

const struct pinner_ops pinner_type1 = {
	.name = "type1",
	.rule = vfio_pin_map_dma,
	.caller = "vaddr_get_pfns(), drivers/vfio/vfio_iommu_type1.c",
	.flags = FOLL_PIN,
	.vm_lck = vfio_lock_acct,
	.defects = type1_defects,
	.scratch = SCRATCH_MEMORY,
	.open = type1_open,
	.close = type1_close,
	.take = take_maps,
	.drop = drop_maps,
	.modes = map_modes,
};

const struct pinner_ops pinner_iommufd = {
	.name = "iommufd",
	.rule = pfn_reader_user_pin,
	.caller = "pfn_reader_user_pin(), drivers/iommu/iommufd/pages.c",
	.flags = GUP_FAST | FOLL_PIN,
	.charged = true,
	.scratch = SCRATCH_MEMORY,
	.open = iommufd_pinner_open,
	.close = iommufd_pinner_close,
	.take = take_maps,
	.drop = drop_maps,
	.modes = map_modes,
};
