// SPDX-License-Identifier: GPL-2.0
/*
 * The key of a shared futex is made of the file of its page and the offset in the file. FUTEX_WAKE
 * takes the page to read the key: for write first, then, after EFAULT, for read
 * (kernel/futex/core.c, get_futex_key()).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pinner.h"

/* The futex has no waiters. */
static int wake(struct pinner *p __maybe_unused, void *page)
{
	return syscall(SYS_futex, page, FUTEX_WAKE, 1, NULL, NULL, 0) < 0 ? -errno : 0;
}

static ssize_t take_futex(struct pinner *p, const struct iovec *iov, int n)
{
	return pinner_each_page(p, iov, n, wake);
}

static const struct outcome no_key = {
	.err = EFAULT, .step = PTE,
	.reason = "the page has no mapping for a key, or is anonymous and read-only",
	.function = "get_futex_key(), kernel/futex/core.c",
};

/* A read-only anonymous page never changes: get_futex_key() refuses it. */
static struct outcome get_futex_key(const struct call *c, unsigned int i)
{
	struct user_page page = call_page(c, i);
	struct outcome o = call_gup(c, i);
	bool read_only = o.err == EFAULT;

	if (read_only)
		o = call_gup_with(c, i, c->flags & ~FOLL_WRITE);
	if (o.err)
		return o;
	if (page.no_mapping || page.pte == PTE_ZERO_PAGE)
		return no_key;
	return read_only && page.anonymous ? no_key : o;
}

static struct verdict futex_wake(const struct call *c)
{
	return short_count_of(c, get_futex_key);
}

const struct pinner_ops pinner_futex = {
	.name = "futex",
	.rule = futex_wake,
	.caller = "get_futex_key(), kernel/futex/core.c",
	.flags = GUP_FAST | FOLL_GET | FOLL_WRITE,
	.scratch = SCRATCH_MEMORY,
	.take = take_futex,
};
