// SPDX-License-Identifier: GPL-2.0
/*
 * Buffered I/O does not pin. The CPU copies the data, so the I/O must succeed on all memory that
 * the CPU may access.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/uio.h>

#include "pinner.h"

static ssize_t buffered_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			   off_t at)
{
	ssize_t got = dir == TO_FILE ? pwritev(p->scratch->out, iov, n, at) :
				       preadv(p->scratch->in, iov, n, at);

	return got < 0 ? -errno : got;
}

const struct pinner_ops pinner_buffered = {
	.name = "buffered",
	.rule = cpu_copies,
	.caller = "copy_from_iter(), copy_to_iter(), lib/iov_iter.c",
	.cpu_copies = true,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.io = buffered_io,
};
