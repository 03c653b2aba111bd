// SPDX-License-Identifier: GPL-2.0
/*
 * getsockopt() of an RDS socket pins the memory for its answer (net/rds/info.c), all of it, to fill it
 * under a spinlock. The answer is of one page: names of counters, and their values.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/rds.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pinner.h"

static char expected[PAGE];
static socklen_t answered;

/* Bytes of the answer, or -errno. */
static ssize_t ask(int fd, void *buf, socklen_t len)
{
	return getsockopt(fd, SOL_RDS, RDS_INFO_COUNTERS, buf, &len) < 0 ? -errno : (ssize_t)len;
}

static int rds_open(struct pinner *p)
{
	int fd = socket(AF_RDS, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	ssize_t got;

	if (fd < 0)
		return pinner_skip(p, "no RDS: %s: modprobe rds (CONFIG_RDS)", strerror(errno));
	p->state = (void *)(intptr_t)fd;
	got = ask(fd, expected, sizeof(expected));
	if (got > 0)
		return 0;
	close(fd);
	return pinner_skip(p, "RDS says nothing of its counters: %s", strerror(-got));
}

static void rds_close(struct pinner *p)
{
	close((intptr_t)p->state);
}

static ssize_t take_rds(struct pinner *p, const struct iovec *iov, int n __maybe_unused)
{
	ssize_t got = ask((intptr_t)p->state, iov->iov_base, iov->iov_len);

	if (got < 0)
		return got;
	answered = got;
	return iov->iov_len;
}

/* The names do not change. 0, or -EBADMSG. */
static int use_rds(struct pinner *p __maybe_unused, const struct iovec *iov)
{
	const struct rds_info_counter *want = (void *)expected, *seen = iov->iov_base;
	size_t i;

	for (i = 0; i < answered / sizeof(*seen); i++)
		if (memcmp(seen[i].name, want[i].name, sizeof(seen[i].name)))
			return -EBADMSG;
	return i ? 0 : -EBADMSG;
}

/* "XXX ?" says the source. */
static const int rds_errnos[NR_REFUSALS] = ONE_ERRNO(EAGAIN);

const struct pinner_ops pinner_rds_info = {
	.name = "rds_info",
	.props = { .fast = true, .writes = true, .errnos = rds_errnos, .partial = ALL_OR_NOTHING },
	.scratch = SCRATCH_MEMORY,
	.align = PAGE,
	.one_iovec = true,
	.open = rds_open,
	.close = rds_close,
	.take = take_rds,
	.use = use_rds,
};
