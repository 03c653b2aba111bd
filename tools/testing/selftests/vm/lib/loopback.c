// SPDX-License-Identifier: GPL-2.0
/* Two ends of one connection; see loopback.h. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <linux/errqueue.h>	/* wants struct timespec */
#include <linux/vm_sockets.h>
#include <unistd.h>

#include "loopback.h"

#define PATIENCE 10000	/* milliseconds */

/* A listener's next connection is a socket of its own. Returns it, or -1; closes the listener. */
static int accept_one(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	close(listener);
	return fd;
}

/* An address of this machine, with a port that the kernel chooses. */
union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_vm vm;
};

static socklen_t make_address(union address *a, int family)
{
	if (family == AF_VSOCK) {
		a->vm = (struct sockaddr_vm){
			.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_LOCAL,
			.svm_port = VMADDR_PORT_ANY,
		};
		return sizeof(a->vm);
	}
	a->in = (struct sockaddr_in){ .sin_family = AF_INET,
				      .sin_addr = { htonl(INADDR_LOOPBACK) } };
	return sizeof(a->in);
}

int loopback_open(struct loopback *l, int family, int type)
{
	union address a;
	socklen_t len = make_address(&a, family);
	int err;

	l->from = socket(family, type | SOCK_CLOEXEC, 0);
	l->to = socket(family, type | SOCK_CLOEXEC, 0);
	if (l->from >= 0 && l->to >= 0 && !bind(l->to, &a.any, len) &&
	    (type == SOCK_DGRAM || !listen(l->to, 1)) &&
	    !getsockname(l->to, &a.any, &len) && !connect(l->from, &a.any, len)) {
		if (type == SOCK_STREAM)
			l->to = accept_one(l->to);
		if (l->to >= 0)
			return 0;
	}
	err = errno;
	loopback_close(l);
	errno = err;
	return -1;
}

void loopback_close(struct loopback *l)
{
	close(l->from);
	close(l->to);
}

ssize_t read_all(int fd, char *buf, ssize_t len)
{
	ssize_t got, done;

	for (done = 0; done < len; done += got) {
		got = read(fd, buf + done, len - done);
		if (got <= 0)
			return got ? -errno : done;
	}
	return len;
}

/* 0 or -errno. */
static int take_notice(int fd, int done)
{
	char control[CMSG_SPACE(sizeof(struct sock_extended_err)) + 64];
	struct msghdr msg = { .msg_control = control, .msg_controllen = sizeof(control) };
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	if (poll(&ready, 1, PATIENCE) != 1)
		return -ETIMEDOUT;
	if (recvmsg(fd, &msg, done) < 0)
		return -errno;
	return msg.msg_controllen ? 0 : -EPROTO;
}

/*
 * rds_poll() says POLLIN for congestion, too, when there is nothing to read. The clock is not
 * asked: the vdso may be under test. 0 or -errno.
 */
static int wait_for_pages(int fd, int done)
{
	int err, waited;

	for (waited = 0; waited < PATIENCE; waited++) {
		err = take_notice(fd, done);
		if (err != -EAGAIN)
			return err;
		poll(NULL, 0, 1);
	}
	return -ETIMEDOUT;
}

ssize_t loopback_zerocopy(const struct loopback *l, const struct msghdr *msg, char *bounce,
			  int done)
{
	ssize_t sent = sendmsg(l->from, msg, MSG_ZEROCOPY);
	int err;

	if (sent < 0)
		return -errno;
	sent = read_all(l->to, bounce, sent);
	err = wait_for_pages(l->from, done);
	return err ? err : sent;
}
