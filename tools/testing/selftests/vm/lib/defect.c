// SPDX-License-Identifier: GPL-2.0
/* Where released kernels break the contract; see defect.h. */
#include <errno.h>

#include "compiler.h"
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
	struct pinner_props copy = { .copies = true };
	struct verdict by_cpu = contract_verdict(m, &copy, b);

	return p->iomap && !p->writes && b->layout->sub && want.err && !want.reach && !seen.err &&
	       !by_cpu.err && seen.bytes == by_cpu.bytes;
}

static const struct defect defects[] = {
	{
		.reference = "fs/iomap/direct-io.c, iomap_dio_bio_iter(): zeroing the tail of a block "
			     "overwrites the errno of a refused page",
		.since = { 6, 12 },
		.explains = tail_zeroed,
	},
};

static bool applies(const struct defect *d)
{
	return contract_kernel_at_least(d->since.major, d->since.minor) &&
	       (!d->fixed.major || !contract_kernel_at_least(d->fixed.major, d->fixed.minor));
}

const struct defect *defect_find(const struct mapping_props *m, const struct pinner_props *p,
				 const struct buffer *b, struct verdict want, struct verdict seen)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(defects); i++)
		if (applies(&defects[i]) && defects[i].explains(m, p, b, want, seen))
			return &defects[i];
	return NULL;
}
