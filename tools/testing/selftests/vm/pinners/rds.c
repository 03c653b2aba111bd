// SPDX-License-Identifier: GPL-2.0
/*
 * RDS between sockets of this machine. getsockopt() pins the whole buffer (net/rds/info.c), because
 * it fills the buffer under a spinlock; the data, names and values of counters, fits in one page.
 * MSG_ZEROCOPY takes the user pages one by one (net/rds/message.c) up to the first refused page.
 * Until 2026 the error path put the pages before the refused one twice.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <linux/in.h>
#include <linux/rds.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/loopback.h"
#include "zerocopy.h"

static char expected[MAX_PAGE];
static socklen_t returned;		/* bytes of the last call */

/* Bytes returned, or -errno. */
static ssize_t get_counters(int fd, void *buf, socklen_t len)
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
	got = get_counters(fd, expected, sizeof(expected));
	if (got > 0)
		return 0;
	close(fd);
	return pinner_skip(p, "RDS_INFO_COUNTERS: %s", strerror(-got));
}

static void rds_close(struct pinner *p)
{
	close((intptr_t)p->state);
}

static ssize_t take_rds(struct pinner *p, const struct iovec *iov, int n __maybe_unused)
{
	ssize_t got = get_counters((intptr_t)p->state, iov->iov_base, iov->iov_len);

	if (got < 0)
		return got;
	returned = got;
	return iov->iov_len;
}

/* Compares the names of the counters, which do not change. 0 or -EBADMSG. */
static int use_rds(struct pinner *p __maybe_unused, const struct iovec *iov)
{
	const struct rds_info_counter *want = (void *)expected, *seen = iov->iov_base;
	size_t i;

	for (i = 0; i < returned / sizeof(*seen); i++)
		if (memcmp(seen[i].name, want[i].name, sizeof(seen[i].name)))
			return -EBADMSG;
	return i ? 0 : -EBADMSG;
}

/* The errno of a short pin is EAGAIN; the source comments it with "XXX ?". */
static struct verdict rds_info_getsockopt(const struct call *c)
{
	struct verdict v = pinned_at_once(c, EAGAIN);

	return kernel_has(RDS_INFO_EXTRACTS) ? v : verdict_errno(v, EAGAIN);
}

const struct pinner_ops pinner_rds_info = {
	.name = "rds_info",
	.rule = rds_info_getsockopt,
	.caller = "rds_info_getsockopt(), net/rds/info.c",
	.flags = GUP_FAST | FOLL_PIN | FOLL_WRITE,
	.scratch = SCRATCH_MEMORY,
	.one_iovec = true,
	.open = rds_open,
	.close = rds_close,
	.take = take_rds,
	.use = use_rds,
};

static struct loopback loopback;
static struct sockaddr_in receiver;

/*
 * Creates a socket of RDS over TCP, the only transport with MSG_ZEROCOPY. Messages within one
 * machine do not use a TCP connection. -1 with errno set on failure.
 */
static int bind_rds(struct sockaddr_in *name)
{
	int fd = socket(AF_RDS, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	const int transport = RDS_TRANS_TCP, yes = 1;
	socklen_t len = sizeof(*name);
	int err;

	if (fd < 0)
		return -1;
	*name = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htobe32(INADDR_LOOPBACK),
	};
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

	loopback.from = bind_rds(&sender);
	loopback.to = loopback.from < 0 ? -1 : bind_rds(&receiver);
	if (loopback.to >= 0)
		return 0;
	err = errno;
	if (loopback.from >= 0)
		close(loopback.from);
	return pinner_skip(p, "no RDS over TCP: %s: modprobe rds_tcp (CONFIG_RDS_TCP), "
			   "ip link set lo up", strerror(err));
}

static void rds_zerocopy_close(struct pinner *p __maybe_unused)
{
	loopback_close(&loopback);
}

/*
 * A message without data tells the sender that the pages are released; MSG_DONTWAIT polls for it.
 */
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

	return loopback_zerocopy(&loopback, &msg, bounce, MSG_DONTWAIT);
}

static ssize_t rds_zerocopy_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			       off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, rds_zerocopy_copy);
}

/* The kernel dies when another owner of such a page puts it. */
static bool page_is_put_twice(const struct pinner_ops *pinner __maybe_unused,
			      const struct mapping_props *m __maybe_unused)
{
	return true;
}

static const struct defect zerocopy_defects[] = {
	{ .id = RDS_PUTS_TWICE, .kills = page_is_put_twice },
	{}
};

const struct pinner_ops pinner_rds_zerocopy = {
	.name = "rds_zerocopy",
	.rule = zerocopy_from_iter,
	.caller = "rds_message_zcopy_from_user(), net/rds/message.c",
	.flags = GUP_FAST | FOLL_GET,
	.defects = zerocopy_defects,
	.charged = true,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_pages = LOOPBACK_PAGES,
	.one_way = true,
	.open = rds_zerocopy_open,
	.close = rds_zerocopy_close,
	.io = rds_zerocopy_io,
};
