// SPDX-License-Identifier: GPL-2.0
/*
 * What a device may reach through an iommufd, whose pages are pinned while a device is attached. Unlike
 * the type1 container it takes nothing by its PFN.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>

#include "iommufd.h"
#include "pinner.h"
#include "vfio.h"

#define IOVA (1ULL << 24)	/* of the first iovec */

static struct iommufd iommufd;
static size_t mapped;		/* bytes from IOVA on */

static int open_iommufd(struct pinner *p)
{
	struct pci_device dev;
	int err;

	mapped = 0;
	if (edu_find(&dev, p->why, sizeof(p->why)) ||
	    iommufd_open(&iommufd, dev.bdf, p->why, sizeof(p->why)))
		return -1;
	err = iommufd_attach(&iommufd);
	if (!err)
		return 0;
	iommufd_close(&iommufd);
	return pinner_skip(p, "VFIO_DEVICE_ATTACH_IOMMUFD_PT: %s", strerror(-err));
}

static void close_iommufd(struct pinner *p __maybe_unused)
{
	iommufd_close(&iommufd);
}

/* What is unmapped must be what was mapped. */
static int drop_iommufd(struct pinner *p)
{
	size_t was = mapped;
	long long got;

	mapped = 0;
	if (!was)
		return 0;
	got = iommufd_unmap(&iommufd, IOVA, was);
	if (got >= 0 && (size_t)got != was)
		pinner_complain(p, "%zu bytes were mapped, and %lld unmapped", was, got);
	return got < 0 ? got : 0;
}

static ssize_t take_iommufd(struct pinner *p, const struct iovec *iov, int n)
{
	int i, err;

	for (i = 0; i < n; i++) {
		err = iommufd_map(&iommufd, IOVA + mapped, iov[i].iov_base, iov[i].iov_len,
				  p->mode->writes);
		if (err) {
			drop_iommufd(p);
			return err;
		}
		mapped += iov[i].iov_len;
	}
	/* Nobody else may have the same place. */
	err = iommufd_map(&iommufd, IOVA, iov[0].iov_base, iov[0].iov_len, p->mode->writes);
	if (err != -EEXIST)
		pinner_complain(p, "an iova that is mapped was mapped again: %d, not EEXIST", err);
	return mapped;
}

static const struct pinner_mode iommufd_modes[] = {
	{ .name = "write", .longterm = true, .writes = true },
	{ .name = "read", .longterm = true },
	{}
};

/* drivers/iommu/iommufd/pages.c, pfn_reader_user_pin(). */
const struct pinner_ops pinner_iommufd = {
	.name = "iommufd",
	.props = { .fast = true, .asks_again = true, .each_iovec = true, .charged = true,
		   .partial = ALL_OR_NOTHING },
	.scratch = SCRATCH_MEMORY,
	.align = PAGE,
	.open = open_iommufd,
	.close = close_iommufd,
	.take = take_iommufd,
	.drop = drop_iommufd,
	.modes = iommufd_modes,
};
