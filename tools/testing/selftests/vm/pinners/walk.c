// SPDX-License-Identifier: GPL-2.0
/*
 * Not pinners but walks of the same code that want no pages[]: they fault a range in, and must go on
 * over PTEs without a struct page. The fix for the founding bug had to leave them alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>

#include "pinner.h"

#ifndef MADV_POPULATE_READ	/* 5.14 */
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

/*
 * mm/madvise.c, madvise_populate(): a hole is ENOMEM, what GUP may not touch EINVAL. Up to 6.8 it came
 * to a hole only when all else was done, 631426ba1d45.
 */
static const int populate_errnos[NR_REFUSALS] = {
	[BY_HOLE] = ENOMEM,
	[BY_VMA] = EINVAL,
	[BY_FAULT] = EFAULT,
};

/* mm/mlock.c, __mlock_posix_error_return(). */
static const int mlock_errnos[NR_REFUSALS] = {
	[BY_HOLE] = ENOMEM,
	[BY_VMA] = ENOMEM,
	[BY_FAULT] = ENOMEM,
};

static ssize_t populate(const struct iovec *iov, int n, int advice)
{
	ssize_t walked = 0;
	int i;

	for (i = 0; i < n; i++) {
		if (madvise(iov[i].iov_base, iov[i].iov_len, advice))
			return -errno;
		walked += iov[i].iov_len;
	}
	return walked;
}

static ssize_t take_populate_read(struct pinner *p __maybe_unused, const struct iovec *iov, int n)
{
	return populate(iov, n, MADV_POPULATE_READ);
}

static ssize_t take_populate_write(struct pinner *p __maybe_unused, const struct iovec *iov, int n)
{
	return populate(iov, n, MADV_POPULATE_WRITE);
}

/* What was locked, so that it can be unlocked page by page: a hole would end a longer call. */
static const struct iovec *locked;
static int nr_locked;

static int unlock(struct pinner *p __maybe_unused)
{
	size_t at;
	int i;

	for (i = 0; i < nr_locked; i++)
		for (at = 0; at < locked[i].iov_len; at += PAGE)
			munlock((char *)locked[i].iov_base + at, PAGE);
	return 0;
}

static ssize_t take_mlock(struct pinner *p, const struct iovec *iov, int n)
{
	ssize_t walked = 0;
	int i, err;

	locked = iov;
	nr_locked = n;
	for (i = 0; i < n; i++) {
		if (mlock(iov[i].iov_base, iov[i].iov_len)) {
			err = -errno;
			unlock(p);
			return err;
		}
		walked += iov[i].iov_len;
	}
	return walked;
}

const struct pinner_ops pinner_mlock = {
	.name = "mlock",
	.props = { .no_pages = true, .passes_refusing = true, .charged = true,
		   .errnos = mlock_errnos },
	.scratch = SCRATCH_MEMORY,
	.align = PAGE,
	.take = take_mlock,
	.drop = unlock,
};

const struct pinner_ops pinner_populate_read = {
	.name = "populate_read",
	.props = { .no_pages = true, .holes_last = true,
		   .errnos = populate_errnos },
	.scratch = SCRATCH_MEMORY,
	.align = PAGE,
	.take = take_populate_read,
};

const struct pinner_ops pinner_populate_write = {
	.name = "populate_write",
	.props = { .no_pages = true, .holes_last = true,
		   .writes = true, .errnos = populate_errnos },
	.scratch = SCRATCH_MEMORY,
	.align = PAGE,
	.take = take_populate_write,
};
