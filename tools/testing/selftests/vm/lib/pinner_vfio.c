// SPDX-License-Identifier: GPL-2.0
/*
 * VFIO_IOMMU_MAP_DMA of a type1 container: the caller by which the founding bug came in
 * (4b6c33b32296). It pins 512 pages at a time, and what GUP refuses it takes by its PFN where the vma
 * is VM_PFNMAP and no page is behind it that could be freed.
 */
#define _GNU_SOURCE
#include <errno.h>

#include "pinner.h"
#include "vfio.h"

#define IOVA (1ULL << 24)	/* of the first iovec; edu reaches 2^28 */

static struct vfio vfio;
static size_t mapped;		/* bytes from IOVA on */

static int type1_open(struct pinner *p)
{
	mapped = 0;
	return vfio_open_edu(&vfio, p->why, sizeof(p->why));
}

static void type1_close(struct pinner *p __maybe_unused)
{
	vfio_close(&vfio);
}

/* What is unmapped must be what was mapped. */
static int type1_drop(struct pinner *p)
{
	size_t was = mapped;
	long long got;

	mapped = 0;
	if (!was)
		return 0;
	got = vfio_unmap(&vfio, IOVA, was);
	if (got >= 0 && (size_t)got != was)
		pinner_complain(p, "%zu bytes were mapped, and %lld unmapped", was, got);
	return got < 0 ? got : 0;
}

static ssize_t type1_take(struct pinner *p, const struct iovec *iov, int n)
{
	int i, err;

	for (i = 0; i < n; i++) {
		err = vfio_map(&vfio, IOVA + mapped, iov[i].iov_base, iov[i].iov_len,
			       p->mode->writes);
		if (err) {
			type1_drop(p);
			return err;
		}
		mapped += iov[i].iov_len;
	}
	/* Nobody else may have the same place. */
	err = vfio_map(&vfio, IOVA, iov[0].iov_base, iov[0].iov_len, p->mode->writes);
	if (err != -EEXIST)
		pinner_complain(p, "an iova that is mapped was mapped again: %d, not EEXIST", err);
	return mapped;
}

static const struct pinner_mode type1_modes[] = {
	{ .name = "write", .longterm = true, .writes = true },
	{ .name = "read", .longterm = true },
	{}
};

const struct pinner_ops pinner_type1 = {
	.name = "type1",
	.props = { .pfn_fallback = true, .asks_again = true, .each_iovec = true, .vm_lck = true,
		   .partial = ALL_OR_NOTHING },
	.scratch = SCRATCH_MEMORY,
	.align = PAGE,
	.open = type1_open,
	.close = type1_close,
	.take = type1_take,
	.drop = type1_drop,
	.modes = type1_modes,
};
