// SPDX-License-Identifier: GPL-2.0
/*
 * RDS, between sockets of this machine. getsockopt() pins all the memory for its answer
 * (net/rds/info.c), to fill it under a spinlock; the answer has one page: names of counters, and
 * their values. MSG_ZEROCOPY sends from user pages (net/rds/message.c), page by page, up to the
 * refused one: until 2026 the pages before it were then put twice.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/rds.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/loopback.h"
#include "zerocopy.h"

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
	return pinner_skip(p, "RDS does not tell its counters: %s", strerror(-got));
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

/* The names are constant. 0, or -EBADMSG. */
static int use_rds(struct pinner *p __maybe_unused, const struct iovec *iov)
{
	const struct rds_info_counter *want = (void *)expected, *seen = iov->iov_base;
	size_t i;

	for (i = 0; i < answered / sizeof(*seen); i++)
		if (memcmp(seen[i].name, want[i].name, sizeof(seen[i].name)))
			return -EBADMSG;
	return i ? 0 : -EBADMSG;
}

/* The source has "XXX ?" there. */
static struct verdict rds_info_getsockopt(const struct call *c)
{
	return verdict_errno(page_by_page(c), EAGAIN);
}

const struct pinner_ops pinner_rds_info = {
	.name = "rds_info",
	.rule = rds_info_getsockopt,
	.caller = "rds_info_getsockopt(), net/rds/info.c",
	.flags = GUP_FAST | FOLL_PIN | FOLL_WRITE,
	.scratch = SCRATCH_MEMORY,
	.align = PAGE,
	.one_iovec = true,
	.open = rds_open,
	.close = rds_close,
	.take = take_rds,
	.use = use_rds,
};

static struct loopback sockets;
static struct sockaddr_in receiver;

/*
 * A socket of RDS over TCP: only that has MSG_ZEROCOPY. Data for the same machine needs no
 * connection. -1 with errno set.
 */
static int bind_rds(struct sockaddr_in *name)
{
	int fd = socket(AF_RDS, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), transport = RDS_TRANS_TCP,
	    yes = 1, err;
	socklen_t len = sizeof(*name);

	if (fd < 0)
		return -1;
	*name = (struct sockaddr_in){ .sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (!setsockopt(fd, SOL_RDS, SO_RDS_TRANSPORT, &transport, sizeof(transport)) &&
	    !setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &yes, sizeof(yes)) &&
	    !bind(fd, (struct sockaddr *)name, len) &&
	    !getsockname(fd, (struct sockaddr *)name, &len))
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

static int rds_zerocopy_open(struct pinner *p)
{
	struct sockaddr_in sender;
	int err;

	sockets.from = bind_rds(&sender);
	sockets.to = sockets.from < 0 ? -1 : bind_rds(&receiver);
	if (sockets.to >= 0)
		return 0;
	err = errno;
	if (sockets.from >= 0)
		close(sockets.from);
	return pinner_skip(p, "no RDS over TCP: %s: modprobe rds_tcp (CONFIG_RDS_TCP), ip link set lo up",
			   strerror(err));
}

static void rds_zerocopy_close(struct pinner *p __maybe_unused)
{
	loopback_close(&sockets);
}

/* A message of no bytes, present or not, tells the sender that its pages are its own again. */
static ssize_t rds_zerocopy_copy(struct pinner *p __maybe_unused, enum direction dir __maybe_unused,
				 const struct iovec *iov, int n, char *bounce)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(uint32_t))];
	} cookie = {
		.header = {
			.cmsg_len = CMSG_LEN(sizeof(uint32_t)),
			.cmsg_level = SOL_RDS,
			.cmsg_type = RDS_CMSG_ZCOPY_COOKIE,
		},
	};
	const struct msghdr msg = {
		.msg_name = &receiver, .msg_namelen = sizeof(receiver),
		.msg_iov = (struct iovec *)iov, .msg_iovlen = n,
		.msg_control = &cookie, .msg_controllen = sizeof(cookie),
	};

	return loopback_zerocopy(&sockets, &msg, bounce, MSG_DONTWAIT);
}

static ssize_t rds_zerocopy_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			       off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, rds_zerocopy_copy);
}

const struct pinner_ops pinner_rds_zerocopy = {
	.name = "rds_zerocopy",
	.rule = zerocopy_from_iter,
	.caller = "rds_message_zcopy_from_user(), net/rds/message.c",
	.flags = GUP_FAST | FOLL_GET,
	.charged = true,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_pages = LOOPBACK_PAGES,
	.one_way = true,
	.open = rds_zerocopy_open,
	.close = rds_zerocopy_close,
	.io = rds_zerocopy_io,
};
