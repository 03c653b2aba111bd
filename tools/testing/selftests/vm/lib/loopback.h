/* SPDX-License-Identifier: GPL-2.0 */
/* Two ends of one connection within this machine, for pinners that send by a socket. */
#ifndef PFNMAP_LOOPBACK_H
#define PFNMAP_LOOPBACK_H

#include <sys/socket.h>
#include <sys/types.h>

#define LOOPBACK_PAGES 8	/* pages that fit in one packet, and in the socket */

/* The text of a skip when loopback_open() fails; takes strerror(). */
#define LOOPBACK_WANTED "no connection over loopback: %s (CONFIG_INET, ip link set lo up)"

struct loopback {
	int from, to;
};

/*
 * Connects the two: AF_INET with SOCK_STREAM (TCP) or SOCK_DGRAM (UDP), or AF_VSOCK with
 * SOCK_STREAM. 0, or -1 with errno set; loopback_close() undoes it.
 */
int loopback_open(struct loopback *l, int family, int type);
void loopback_close(struct loopback *l);

/* Reads @len bytes from @fd, or up to its end; bytes or -errno. */
ssize_t read_all(int fd, char *buf, ssize_t len);

/*
 * Sends @msg with MSG_ZEROCOPY, and reads it at the other end into @bounce. Waits for the
 * completion that gives the sender its pages back; recvmsg() with @done reads it. Bytes or -errno.
 */
ssize_t loopback_zerocopy(const struct loopback *l, const struct msghdr *msg, char *bounce,
			  int done);

#endif
