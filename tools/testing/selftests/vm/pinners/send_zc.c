// SPDX-License-Identifier: GPL-2.0
/*
 * Zero-copy sends of io_uring put user pages into the packets of a socket: pages of a message,
 * taken by FOLL_GET until they are sent, or pages of registered buffers, which are pinned already.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "../lib/loopback.h"
#include "../lib/ring.h"
#include "io_pin_pages.h"
#include "zerocopy.h"

#ifdef HAVE_LIBURING

static struct loopback loopback;

static int send_open(struct pinner *p)
{
	if (ring_open(p))
		return -1;
	if (!ring_has(p->state, IORING_OP_SEND_ZC)) {
		ring_close(p);
		return pinner_skip(p, "no IORING_OP_SEND_ZC (needs 6.0)");
	}
	if (!loopback_open(&loopback, AF_INET, SOCK_STREAM))
		return 0;
	ring_close(p);
	return pinner_skip(p, LOOPBACK_WANTED, strerror(errno));
}

static void send_close(struct pinner *p)
{
	ring_close(p);
	loopback_close(&loopback);
}

/*
 * A send posts two completions: its result, and a notification that the pages are released, after
 * the other end has read the data. Bytes or -errno.
 */
static ssize_t send_prepared(struct ring *r, char *bounce)
{
	struct io_uring_cqe *cqe;
	ssize_t sent;
	int err = io_uring_submit_and_wait(&r->uring, 1);
	bool more;

	err = err < 0 ? err : io_uring_wait_cqe(&r->uring, &cqe);
	if (err < 0)
		return err;
	sent = cqe->res;
	more = cqe->flags & IORING_CQE_F_MORE;
	io_uring_cqe_seen(&r->uring, cqe);
	if (sent > 0)
		sent = read_all(loopback.to, bounce, sent);
	if (!more)
		return sent;
	err = io_uring_wait_cqe(&r->uring, &cqe);
	if (err)
		return err;
	if (!(cqe->flags & IORING_CQE_F_NOTIF))
		sent = -EBADMSG;
	io_uring_cqe_seen(&r->uring, cqe);
	return sent;
}

static ssize_t send_copy(struct pinner *p, enum direction dir __maybe_unused,
			 const struct iovec *iov, int n, char *bounce)
{
	const struct msghdr msg = { .msg_iov = (struct iovec *)iov, .msg_iovlen = n };
	struct ring *r = p->state;

	io_uring_prep_sendmsg_zc(io_uring_get_sqe(&r->uring), loopback.from, &msg, 0);
	return send_prepared(r, bounce);
}

static ssize_t send_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
		       off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, send_copy);
}

/* The same for a message of registered buffers, by iovecs (23371eac7d9a). */
static int sendmsg_fixed_open(struct pinner *p)
{
	if (send_open(p))
		return -1;
	if (ring_has(p->state, RING_WRITEV_FIXED))
		return 0;
	send_close(p);
	return pinner_skip(p, "no message of registered buffers (needs 6.15)");
}

/* Index of the registered buffer to send. */
static int buffer_index;

static ssize_t send_fixed_copy(struct pinner *p, enum direction dir __maybe_unused,
			       const struct iovec *iov, int n __maybe_unused, char *bounce)
{
	struct ring *r = p->state;

	io_uring_prep_send_zc_fixed(io_uring_get_sqe(&r->uring), loopback.from, iov->iov_base,
				    iov->iov_len, 0, 0, buffer_index);
	return send_prepared(r, bounce);
}

/*
 * The kernel has to find each part, and goes on when the socket's buffer was full: io_net_retry().
 */
static ssize_t sendmsg_fixed_copy(struct pinner *p, enum direction dir __maybe_unused,
				  const struct iovec *iov, int n __maybe_unused, char *bounce)
{
	struct iovec parts[RING_PARTS];
	const struct msghdr msg = {
		.msg_iov = parts,
		.msg_iovlen = ring_split(parts, iov->iov_base, iov->iov_len),
	};
	struct ring *r = p->state;
	struct io_uring_sqe *sqe = io_uring_get_sqe(&r->uring);

	io_uring_prep_sendmsg_zc(sqe, loopback.from, &msg, MSG_WAITALL);
	sqe->ioprio |= IORING_RECVSEND_FIXED_BUF;
	sqe->buf_index = buffer_index;
	return send_prepared(r, bounce);
}

/* @copy sends part of registered buffer @i. What comes into it is read from a file. */
static ssize_t move_fixed(struct pinner *p, enum direction dir, void *buf, size_t len, int i,
			  off_t at, pinner_copy copy)
{
	const struct iovec iov = { buf, len };

	if (dir == FROM_FILE)
		return ring_move_fixed(p, dir, buf, len, i, at);
	buffer_index = i;
	return pinner_bounce(p, dir, &iov, 1, at, copy);
}

static ssize_t send_fixed(struct pinner *p, enum direction dir, void *buf, size_t len, int i,
			  off_t at)
{
	return move_fixed(p, dir, buf, len, i, at, send_fixed_copy);
}

static ssize_t sendmsg_fixed(struct pinner *p, enum direction dir, void *buf, size_t len, int i,
			     off_t at)
{
	return move_fixed(p, dir, buf, len, i, at, sendmsg_fixed_copy);
}

#else

#define send_open ring_open
#define send_close NULL
#define send_io NULL
#define send_fixed NULL
#define sendmsg_fixed_open ring_open
#define sendmsg_fixed NULL

#endif

const struct pinner_ops pinner_send_zc = {
	.name = "send_zc",
	.rule = zerocopy_from_iter,
	.caller = "__zerocopy_sg_from_iter(), net/core/datagram.c",
	.flags = GUP_FAST | FOLL_GET,
	.charged = true,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_pages = LOOPBACK_PAGES,
	.one_way = true,
	.open = send_open,
	.close = send_close,
	.io = send_io,
};

const struct pinner_ops pinner_send_zc_fixed = {
	.name = "send_zc_fixed",
	IO_REGISTERED_BUFFERS,
	.align = 1,
	.max_pages = LOOPBACK_PAGES,
	.open = send_open,
	.close = send_close,
	.take = ring_take_buffers,
	.move = send_fixed,
	.drop = ring_drop_buffers,
};

const struct pinner_ops pinner_sendmsg_zc_fixed = {
	.name = "sendmsg_zc_fixed",
	IO_REGISTERED_BUFFERS,
	.align = 1,
	.max_pages = LOOPBACK_PAGES,
	.open = sendmsg_fixed_open,
	.close = send_close,
	.take = ring_take_buffers,
	.move = sendmsg_fixed,
	.drop = ring_drop_buffers,
};
