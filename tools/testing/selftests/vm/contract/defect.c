// SPDX-License-Identifier: GPL-2.0
/* Where released kernels break the contract; see defect.h. */
#include <errno.h>

#include "../lib/compiler.h"
#include "defect.h"

/*
 * A write of part of a block that must be zeroed around: when bio_iov_iter_get_pages() refuses its
 * first page, the code falls through to "zero_tail:", where the success of iomap_dio_zero() takes the
 * place of -EFAULT. The write goes on as 0 bytes done, and ext4 does the rest through the page cache.
 * 6.1 threw iomap_dio_zero()'s result away and so kept the errno.
 */
static bool tail_zeroed(const struct mapping_props *m, const struct pinner_props *p,
			const struct buffer *b, struct verdict want, struct verdict seen)
{
	struct pinner_props copy = { .copies = true, .partial = SHORT_COUNT };
	struct verdict by_cpu = contract_verdict(m, &copy, b);

	return p->code == CODE_IOMAP && !p->writes && b->layout->sub && want.err && !want.reach && !seen.err &&
	       !by_cpu.err && seen.bytes == by_cpu.bytes;
}

/*
 * A request that begins in the middle of a page without struct page is handed to vm_ops->access whole,
 * which generic_access_phys() takes for one piece of physical memory: what is behind the page, and
 * even behind the vma, is read from and written to the next frame.
 */
static bool access_runs_on(const struct mapping_props *m, const struct pinner_props *p,
			   const struct buffer *b, unsigned int i)
{
	return p->asks_access && m->access && b->layout->sub && !b->layout->split && i > 0 &&
	       layout_kind(b, i - 1) == TESTED;
}

/*
 * vfio knows what it need not unpin by is_invalid_reserved_pfn(), and pages of device DAX are
 * PageReserved (__init_zone_device_page()), although they were pinned like any other. So are the
 * vdso's, of which a copy is pinned since 6.2.
 */
static bool reserved_is_kept(const struct mapping_props *m, const struct pinner_props *p)
{
	return p->pfn_fallback && !p->any_pfn &&
	       (m->zone_device || (m->private_reserved && !contract_changed(LASTING_READS_BREAK_COW)));
}

/* Seen on a 6.18 with a KVM of its own, not upstream's; 6.1 and 6.12 refuse it as GUP does. */
static bool secret_is_shown(const struct mapping_props *m, const struct pinner_props *p,
			    const struct buffer *b, struct verdict want __maybe_unused, struct verdict seen)
{
	return p->any_pfn && m->secret && !seen.err && seen.bytes == b->len;
}

static const struct defect defects[] = {
	{
		.reference = "fs/iomap/direct-io.c, iomap_dio_bio_iter(): zeroing the tail of a block "
			     "overwrites the errno of a refused page",
		.since = { 6, 12 },
		.explains = tail_zeroed,
	},
	{
		.reference = "mm/memory.c, __access_remote_vm(): vm_ops->access is asked for bytes past "
			     "the end of the page and of the vma",
		.since = { 2, 6 },
		.misplaces = access_runs_on,
	},
	{
		.reference = "virt/kvm/kvm_main.c, hva_to_pfn(): some kernels show a virtual machine what "
			     "memfd_secret is to hide",
		.since = { 6, 13 },
		.explains = secret_is_shown,
	},
	{
		.reference = "drivers/vfio/vfio_iommu_type1.c, put_pfn(): pins of pages that are "
			     "PageReserved, as those of device DAX, are not charged and never given back",
		.since = { 4, 5 },
		.leaks = reserved_is_kept,
	},
	{
		.reference = "net/xdp/xdp_umem.c, xdp_umem_pin_pages(): of a partly pinned UMEM only the "
			     "pages that were pinned are taken off the user's charge",
		.since = { 4, 18 },
		.flaw = OVERCHARGES,
		.code = CODE_UMEM,
	},
	{
		.reference = "io_uring/rsrc.c, io_sqe_buffer_register(): the pages are not unpinned when "
			     "there is no memory for their table",
		.since = { 5, 19 },
		.fixed = { 6, 12 },
		.flaw = KEEPS_PAGES,
		.code = CODE_BUFFERS,
	},
	{
		.reference = "drivers/infiniband/sw/siw/siw_verbs.c, siw_reg_user_mr(): the pages are not "
			     "unpinned when there is no memory for struct siw_mem",
		.since = { 5, 3 },
		.flaw = KEEPS_PAGES,
		.code = CODE_SIW,
	},
	{
		.reference = "crypto/algif_hash.c, hash_sendmsg(): what it counted as sent before a page "
			     "that is refused is not in the digest",
		.since = { 2, 6 },
		.flaw = LOSES_BYTES,
		.code = CODE_HASH,
	},
	{
		.reference = "block/blk-map.c, bio_map_user_iov(): the pages[] that was made for a refused "
			     "page is not freed, since 403b6fb8dac1",
		.since = { 6, 5 },
		.flaw = KEEPS_MEMORY,
		.code = CODE_PASSTHROUGH,
	},
	{
		.reference = "fs/nfs/direct.c, nfs_write_sync_pgio_error(): of a request that could not be made "
			     "the errno is lost, and the call returns 0",
		.since = { 6, 1 },
		.flaw = LOSES_ERRNO,
		.code = CODE_NFS,
	},
	{
		.reference = "block/blk-integrity.c, blk_rq_integrity_map_user(): memory that a command will "
			     "write to is pinned to be read, fe8f4ca7107e (6.13, and 6.12.92) up to 43a67dd812c5",
		.since = { 6, 12 },
		.fixed = { 6, 16 },
		.flaw = PINS_BACKWARDS,
		.code = CODE_METADATA,
	},
};

static bool applies(const struct defect *d)
{
	return contract_kernel_at_least(d->since) &&
	       (!d->fixed.major || !contract_kernel_at_least(d->fixed));
}

/* The first after @d, or of all, that this kernel has. */
static const struct defect *next_defect(const struct defect *d)
{
	for (d = d ? d + 1 : defects; d < defects + ARRAY_SIZE(defects); d++)
		if (applies(d))
			return d;
	return NULL;
}

const struct defect *defect_find(const struct mapping_props *m, const struct pinner_props *p,
				 const struct buffer *b, struct verdict want, struct verdict seen)
{
	const struct defect *d = NULL;

	while ((d = next_defect(d)))
		if (d->explains && d->explains(m, p, b, want, seen))
			break;
	return d;
}

const struct defect *defect_find_bytes(const struct mapping_props *m, const struct pinner_props *p,
				       const struct buffer *b, unsigned int i)
{
	const struct defect *d = NULL;

	while ((d = next_defect(d)))
		if (d->misplaces && d->misplaces(m, p, b, i))
			break;
	return d;
}

const struct defect *defect_find_leak(const struct mapping_props *m, const struct pinner_props *p)
{
	const struct defect *d = NULL;

	while ((d = next_defect(d)))
		if (d->leaks && d->leaks(m, p))
			break;
	return d;
}

const struct defect *defect_find_flaw(const struct pinner_props *p, enum flaw flaw)
{
	const struct defect *d = NULL;

	while ((d = next_defect(d)))
		if (d->flaw == flaw && d->code == p->code)
			break;
	return d;
}
