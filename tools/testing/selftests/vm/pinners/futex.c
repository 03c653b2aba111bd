// SPDX-License-Identifier: GPL-2.0
/*
 * A shared futex is known by the file of its page and the place in it, so FUTEX_WAKE takes a page for
 * a moment: for write first, then for read where that is EFAULT (kernel/futex/core.c,
 * get_futex_key()).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pinner.h"

/* Nobody waits there. */
static int wake(struct pinner *p __maybe_unused, void *page)
{
	return syscall(SYS_futex, page, FUTEX_WAKE, 1, NULL, NULL, 0) < 0 ? -errno : 0;
}

static ssize_t take_futex(struct pinner *p, const struct iovec *iov, int n)
{
	return pinner_each_page(p, iov, n, wake);
}

const struct pinner_ops pinner_futex = {
	.name = "futex",
	.props = { .fast = true, .writes = true, .tries_read = true, .wants_mapping = true,
		   .partial = SHORT_COUNT },
	.scratch = SCRATCH_MEMORY,
	.align = PAGE,
	.take = take_futex,
};
