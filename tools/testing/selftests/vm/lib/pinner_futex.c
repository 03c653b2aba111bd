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

/* One call a page. Nobody waits there. */
static ssize_t take_futex(struct pinner *p __maybe_unused, const struct iovec *iov, int n)
{
	ssize_t taken = 0;
	size_t at;
	int i;

	for (i = 0; i < n; i++) {
		for (at = 0; at < iov[i].iov_len; at += PAGE) {
			if (syscall(SYS_futex, (char *)iov[i].iov_base + at, FUTEX_WAKE, 1, NULL,
				    NULL, 0) < 0)
				return taken ? taken : -errno;
			taken += PAGE;
		}
	}
	return taken;
}

const struct pinner_ops pinner_futex = {
	.name = "futex",
	.props = { .fast = true, .writes = true, .tries_read = true, .wants_mapping = true,
		   .partial = SHORT_COUNT },
	.scratch = SCRATCH_MEMORY,
	.align = PAGE,
	.take = take_futex,
};
