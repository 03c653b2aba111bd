// SPDX-License-Identifier: GPL-2.0
/*
 * Copies that do not copy: vmsplice() puts user pages into a pipe, MSG_ZEROCOPY into a socket's
 * packets. They only read the memory, and take references (FOLL_GET), no pins.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "pinner.h"

#define PIPE_PAGES 64	/* that fit in the pipe; an unprivileged one may have 256 */
#define SOCKET_PAGES 8	/* that fit in one packet, and in the socket */

/* All of what was sent to the other end of @fd; bytes or -errno. */
static ssize_t receive(int fd, char *bounce, ssize_t len)
{
	ssize_t got, done;

	for (done = 0; done < len; done += got) {
		got = read(fd, bounce + done, len - done);
		if (got <= 0)
			return got ? -errno : done;
	}
	return len;
}

static int pipe_ends[2];

static int pipe_open(struct pinner *p)
{
	if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK))
		return pinner_skip(p, "no pipe: %s", strerror(errno));
	/* A page that is taken has a slot, whatever part of it; two more for a start and an end. */
	if (fcntl(pipe_ends[1], F_SETPIPE_SZ, (PIPE_PAGES + 2) * PAGE) < 0)
		return pinner_skip(p, "a pipe cannot hold %d pages: sysctl fs.pipe-max-size",
				   PIPE_PAGES);
	return 0;
}

static void pipe_close(struct pinner *p __maybe_unused)
{
	close(pipe_ends[0]);
	close(pipe_ends[1]);
}

static ssize_t splice_out(const struct iovec *iov, int n, unsigned int flags, char *bounce)
{
	ssize_t got = vmsplice(pipe_ends[1], iov, n, flags);

	return got < 0 ? -errno : receive(pipe_ends[0], bounce, got);
}

static ssize_t vmsplice_copy(struct pinner *p __maybe_unused, enum direction dir __maybe_unused,
			     const struct iovec *iov, int n, char *bounce)
{
	return splice_out(iov, n, 0, bounce);
}

static ssize_t vmsplice_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			   off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, vmsplice_copy);
}

static ssize_t vmsplice_gift_copy(struct pinner *p __maybe_unused, enum direction dir __maybe_unused,
				  const struct iovec *iov, int n, char *bounce)
{
	return splice_out(iov, n, SPLICE_F_GIFT, bounce);
}

static ssize_t vmsplice_gift_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
				off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, vmsplice_gift_copy);
}

static int sockets[2];		/* connected to each other over loopback; 0 sends */

/* Two ends of one connection: the listener is needed no longer. */
static bool connect_over_loopback(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(addr);

	sockets[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	sockets[1] = -1;
	if (!bind(listener, (struct sockaddr *)&addr, len) && !listen(listener, 1) &&
	    !getsockname(listener, (struct sockaddr *)&addr, &len) &&
	    !connect(sockets[0], (struct sockaddr *)&addr, len))
		sockets[1] = accept(listener, NULL, NULL);
	close(listener);
	return sockets[1] >= 0;
}

static int zerocopy_open(struct pinner *p)
{
	const int on = 1;

	if (!connect_over_loopback()) {
		close(sockets[0]);
		return pinner_skip(p, "no TCP over loopback: %s (CONFIG_INET, ip link set lo up)",
				   strerror(errno));
	}
	if (setsockopt(sockets[0], SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)))
		return pinner_skip(p, "SO_ZEROCOPY: %s", strerror(errno));
	return 0;
}

static void zerocopy_close(struct pinner *p __maybe_unused)
{
	close(sockets[0]);
	close(sockets[1]);
}

/* The kernel says on the error queue when it is done with the pages. */
static int wait_for_completion(void)
{
	char control[CMSG_SPACE(sizeof(struct sock_extended_err)) + 64];
	struct msghdr msg = { .msg_control = control, .msg_controllen = sizeof(control) };
	struct pollfd ready = { .fd = sockets[0] };

	if (poll(&ready, 1, 10000) != 1)
		return -ETIMEDOUT;
	return recvmsg(sockets[0], &msg, MSG_ERRQUEUE) < 0 ? -errno : 0;
}

static ssize_t zerocopy_copy(struct pinner *p __maybe_unused, enum direction dir __maybe_unused,
			     const struct iovec *iov, int n, char *bounce)
{
	const struct msghdr msg = { .msg_iov = (struct iovec *)iov, .msg_iovlen = n };
	ssize_t sent = sendmsg(sockets[0], &msg, MSG_ZEROCOPY);
	int err;

	if (sent < 0)
		return -errno;
	sent = receive(sockets[1], bounce, sent);
	err = wait_for_completion();
	return err ? err : sent;
}

static ssize_t zerocopy_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			   off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, zerocopy_copy);
}

const struct pinner_ops pinner_vmsplice = {
	.name = "vmsplice",
	.props = { .fast = true, .asks_again = true, .partial = SHORT_COUNT },
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_pages = PIPE_PAGES,
	.one_way = true,
	.open = pipe_open,
	.close = pipe_close,
	.io = vmsplice_io,
};

const struct pinner_ops pinner_vmsplice_gift = {
	.name = "vmsplice_gift",
	.props = { .fast = true, .asks_again = true, .partial = SHORT_COUNT },
	.scratch = SCRATCH_MEMORY,
	.align = PAGE,
	.max_pages = PIPE_PAGES,
	.one_way = true,
	.open = pipe_open,
	.close = pipe_close,
	.io = vmsplice_gift_io,
};

/* net/core/datagram.c, __zerocopy_sg_from_iter(): EFAULT whatever GUP said. */
const struct pinner_ops pinner_zerocopy = {
	.name = "zerocopy",
	.props = { .fast = true, .charged = true, .partial = ALL_OR_NOTHING,
		   .errnos = efault_errnos },
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_pages = SOCKET_PAGES,
	.one_way = true,
	.open = zerocopy_open,
	.close = zerocopy_close,
	.io = zerocopy_io,
};
