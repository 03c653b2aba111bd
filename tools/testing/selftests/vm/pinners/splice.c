// SPDX-License-Identifier: GPL-2.0
/*
 * Zero-copy output: vmsplice() puts user pages into a pipe, MSG_ZEROCOPY puts them into the packets
 * of a socket. Both only read the memory and take references (FOLL_GET), not pins.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../lib/loopback.h"
#include "../lib/pipe.h"
#include "zerocopy.h"

#define UDP_LINEAR 4	/* bytes; MAX_HEADER is 32 at least, the headers are 28 */

static int pipe_ends[2];

static int vmsplice_open(struct pinner *p)
{
	return pipe_make(p, pipe_ends);
}

static void vmsplice_close(struct pinner *p __maybe_unused)
{
	pipe_close(pipe_ends);
}

static ssize_t splice_out(const struct iovec *iov, int n, unsigned int flags, char *bounce)
{
	ssize_t got = vmsplice(pipe_ends[1], iov, n, flags);

	return got < 0 ? -errno : read_all(pipe_ends[0], bounce, got);
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

static ssize_t vmsplice_gift_copy(struct pinner *p __maybe_unused,
				  enum direction dir __maybe_unused, const struct iovec *iov,
				  int n, char *bounce)
{
	return splice_out(iov, n, SPLICE_F_GIFT, bounce);
}

static ssize_t vmsplice_gift_io(struct pinner *p, enum direction dir, const struct iovec *iov,
				int n, off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, vmsplice_gift_copy);
}

static struct loopback loopback;

/*
 * @connect_skip is the format of the skip message without a connection. @since is the first kernel
 * with MSG_ZEROCOPY for this kind of socket.
 */
static int open_connection(struct pinner *p, int family, int type, const char *connect_skip,
			   const char *since)
{
	const int on = 1;
	int err;

	if (loopback_open(&loopback, family, type))
		return pinner_skip(p, connect_skip, strerror(errno));
	if (!setsockopt(loopback.from, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)))
		return 0;
	err = errno;
	loopback_close(&loopback);
	return pinner_skip(p, "SO_ZEROCOPY: %s (needs %s)", strerror(err), since);
}

static int zerocopy_open(struct pinner *p)
{
	return open_connection(p, AF_INET, SOCK_STREAM, LOOPBACK_WANTED, "4.14");
}

static int zerocopy_udp_open(struct pinner *p)
{
	return open_connection(p, AF_INET, SOCK_DGRAM, LOOPBACK_WANTED, "5.0");
}

static int zerocopy_vsock_open(struct pinner *p)
{
	return open_connection(p, AF_VSOCK, SOCK_STREAM,
			       "no connection over AF_VSOCK: %s: modprobe vsock_loopback "
			       "(CONFIG_VSOCKETS_LOOPBACK)", "6.7");
}

static void zerocopy_close(struct pinner *p __maybe_unused)
{
	loopback_close(&loopback);
}

static ssize_t zerocopy_copy(struct pinner *p __maybe_unused, enum direction dir __maybe_unused,
			     const struct iovec *iov, int n, char *bounce)
{
	const struct msghdr msg = { .msg_iov = (struct iovec *)iov, .msg_iovlen = n };

	return loopback_zerocopy(&loopback, &msg, bounce, MSG_ERRQUEUE);
}

static ssize_t zerocopy_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			   off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, zerocopy_copy);
}

const struct pinner_ops pinner_vmsplice = {
	.name = "vmsplice",
	PIPE_VMSPLICE,
	.align = 1,
	.max_pages = PIPE_PAGES,
	.open = vmsplice_open,
	.close = vmsplice_close,
	.io = vmsplice_io,
};

const struct pinner_ops pinner_vmsplice_gift = {
	.name = "vmsplice_gift",
	PIPE_VMSPLICE,
	.max_pages = PIPE_PAGES,
	.open = vmsplice_open,
	.close = vmsplice_close,
	.io = vmsplice_gift_io,
};

const struct pinner_ops pinner_zerocopy = {
	.name = "zerocopy",
	.rule = zerocopy_from_iter,
	.caller = "__zerocopy_sg_from_iter(), net/core/datagram.c",
	.flags = GUP_FAST | FOLL_GET,
	.charged = true,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_pages = LOOPBACK_PAGES,
	.one_way = true,
	.open = zerocopy_open,
	.close = zerocopy_close,
	.io = zerocopy_io,
};

/*
 * Before 6.0 the packet's linear part, MAX_HEADER bytes, had the first bytes behind the headers of
 * IP and UDP: 4 at least. A CPU copied them.
 */
static struct verdict ip_append_data(const struct call *c)
{
	if (!kernel_has(UDP_ZEROCOPY_WHOLE) && c->buffer->len <= UDP_LINEAR)
		return cpu_copies_whole(c);
	return zerocopy_from_iter(c);
}

const struct pinner_ops pinner_zerocopy_udp = {
	.name = "zerocopy_udp",
	.rule = ip_append_data,
	.caller = "__ip_append_data(), net/ipv4/ip_output.c",
	.flags = GUP_FAST | FOLL_GET,
	.charged = true,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_pages = LOOPBACK_PAGES,
	.max_bytes = 65507,		/* of UDP over IPv4 */
	.one_way = true,
	.open = zerocopy_udp_open,
	.close = zerocopy_close,
	.io = zerocopy_io,
};

/* The errno of a refusal is ENOMEM, not GUP's. */
static struct verdict virtio_transport_send_pkt_info(const struct call *c)
{
	return verdict_errno(page_by_page(c), ENOMEM);
}

const struct pinner_ops pinner_zerocopy_vsock = {
	.name = "zerocopy_vsock",
	.rule = virtio_transport_send_pkt_info,
	.caller = "virtio_transport_send_pkt_info(), net/vmw_vsock/virtio_transport_common.c",
	.flags = GUP_FAST | FOLL_GET,
	.charged = true,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_pages = LOOPBACK_PAGES,
	.one_way = true,
	.open = zerocopy_vsock_open,
	.close = zerocopy_close,
	.io = zerocopy_io,
};
