// SPDX-License-Identifier: GPL-2.0
/*
 * A shared futex is identified by its page's file and its offset there, so FUTEX_WAKE takes the
 * page for a moment: for write first, and for read when that is EFAULT (kernel/futex/core.c,
 * get_futex_key()).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pinner.h"

/* No thread waits there. */
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
	.reason = "the page has no mapping to make a key of, or is anonymous and read-only",
	.function = "get_futex_key(), kernel/futex/core.c",
};

/* An anonymous page that may only be read never changes: futex operations on it make no sense. */
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
	.align = PAGE,
	.take = take_futex,
};
