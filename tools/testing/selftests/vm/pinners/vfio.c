// SPDX-License-Identifier: GPL-2.0
/*
 * What a device may reach of our memory: through a type1 container, the caller by which the founding
 * bug came in (4b6c33b32296), which pins 512 pages at a time and takes by its PFN what GUP refuses where
 * the vma is VM_PFNMAP and no page is behind it that could be freed; and through an iommufd, which pins
 * while a device is attached and takes nothing by its PFN.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>

#include "../lib/iommufd.h"
#include "pinner.h"
#include "../lib/vfio.h"

#define IOVA (1ULL << 24)	/* of the first iovec; edu reaches 2^28 */

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

/* The pinner's state. */
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
	struct pci_device dev;
	int err;

	p->state = &iommu;
	if (edu_find(&dev, p->why, sizeof(p->why)) ||
	    iommufd_open(&iommufd, dev.bdf, p->why, sizeof(p->why)))
		return -1;
	err = iommufd_attach(&iommufd);
	if (!err)
		return 0;
	iommufd_close(&iommufd);
	return pinner_skip(p, "VFIO_DEVICE_ATTACH_IOMMUFD_PT: %s", strerror(-err));
}

static void iommufd_pinner_close(struct pinner *p __maybe_unused)
{
	iommufd_close(&iommufd);
}

/* What is unmapped must be what was mapped. */
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
		pinner_complain(p, "%zu bytes were mapped, and %lld unmapped", was, got);
	return got < 0 ? got : 0;
}

static ssize_t take_maps(struct pinner *p, const struct iovec *iov, int n)
{
	struct mapper *m = p->state;
	int i, err;

	for (i = 0; i < n; i++) {
		err = m->map(IOVA + m->mapped, iov[i].iov_base, iov[i].iov_len, p->mode->writes);
		if (err) {
			drop_maps(p);
			return err;
		}
		m->mapped += iov[i].iov_len;
	}
	/* Nobody else may have the same place. */
	err = m->map(IOVA, iov[0].iov_base, iov[0].iov_len, p->mode->writes);
	if (err != -EEXIST)
		pinner_complain(p, "an iova that is mapped was mapped again: %d, not EEXIST", err);
	return m->mapped;
}

static const struct pinner_mode map_modes[] = {
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
	.take = take_maps,
	.drop = drop_maps,
	.modes = map_modes,
};

/* drivers/iommu/iommufd/pages.c, pfn_reader_user_pin(). */
const struct pinner_ops pinner_iommufd = {
	.name = "iommufd",
	.props = { .fast = true, .asks_again = true, .each_iovec = true, .charged = true,
		   .partial = ALL_OR_NOTHING },
	.scratch = SCRATCH_MEMORY,
	.align = PAGE,
	.open = iommufd_pinner_open,
	.close = iommufd_pinner_close,
	.take = take_maps,
	.drop = drop_maps,
	.modes = map_modes,
};
