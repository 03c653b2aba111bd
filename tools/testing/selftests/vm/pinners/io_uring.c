// SPDX-License-Identifier: GPL-2.0
/*
 * io_uring: the registrations, whose long-term pins are for write (io_pin_pages()), and plain I/O
 * on an O_DIRECT file. The registrations use slow GUP only in 6.1, GUP-fast first in 6.12.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "../lib/compiler.h"
#include "io_pin_pages.h"
#include "iomap.h"
#include "../lib/ring.h"

#ifdef HAVE_LIBURING
#define FIRST_TAG 1000
/*
 * In 6.1 io_register_pbuf_ring() does not reset ctx->io_bl[], the groups below 64: the second ring
 * of such a group starts with the head of the first one and seems to be empty.
 */
#define PBUF_GROUP 100
#define PBUF_BID 5
#define PBUF_BYTES 64

static void make_tags(__u64 *tags, int n)
{
	int i;

	for (i = 0; i < n; i++)
		tags[i] = FIRST_TAG + i;
}

static ssize_t take_tagged(struct pinner *p, const struct iovec *iov, int n)
{
	__u64 tags[PINNER_MAX_IOVECS] = { 0 };
	struct ring *r = p->state;
	int err;

	make_tags(tags, n);
	err = io_uring_register_buffers_tags(&r->uring, iov, tags, n);
	r->held = err ? 0 : n;
	return err ? err : (ssize_t)pinner_length(iov, n);
}

/* Clears the first @n slots of the buffer table, which releases their buffers. */
static int clear_slots(struct ring *r, int n)
{
	struct iovec none[PINNER_MAX_IOVECS] = { { NULL, 0 } };
	__u64 tags[PINNER_MAX_IOVECS] = { 0 };
	int done = io_uring_register_buffers_update_tag(&r->uring, 0, none, tags, n);

	return done < 0 ? done : done == n ? 0 : -EBADMSG;
}

/* Each tag of a held buffer must arrive exactly once, and no other completion. */
static int collect_tags(struct ring *r)
{
	struct __kernel_timespec timeout = { .tv_sec = 5 };
	bool seen[PINNER_MAX_IOVECS] = { false };
	struct io_uring_cqe *cqe;
	uint64_t tag;
	int i, err;

	for (i = 0; i < r->held; i++) {
		err = io_uring_wait_cqe_timeout(&r->uring, &cqe, &timeout);
		if (err)
			return err;
		tag = cqe->user_data - FIRST_TAG;
		io_uring_cqe_seen(&r->uring, cqe);
		if (tag >= (uint64_t)r->held || seen[tag])
			return -EBADMSG;
		seen[tag] = true;
	}
	return io_uring_cq_ready(&r->uring) ? -EBADMSG : 0;
}

/*
 * A released buffer posts a completion with its tag. Clearing the slots posts it on all kernels,
 * unregistering the table only since 6.13. Up to 6.12 a worker posts it and unpins the pages, one
 * second later or when the table is unregistered.
 */
static int drop_tagged(struct pinner *p)
{
	struct ring *r = p->state;
	int err = clear_slots(r, r->held);

	if (!err)
		err = io_uring_unregister_buffers(&r->uring);
	return err ? err : collect_tags(r);
}

static int sparse_open(struct pinner *p)
{
	struct ring *r;
	int err;

	if (ring_open(p))
		return -1;
	r = p->state;
	err = io_uring_register_buffers_sparse(&r->uring, PINNER_MAX_IOVECS);
	if (!err)
		return 0;
	ring_close(p);
	return pinner_skip(p, "sparse buffer table: %s (needs 5.19)", strerror(-err));
}

static ssize_t take_update(struct pinner *p, const struct iovec *iov, int n)
{
	__u64 tags[PINNER_MAX_IOVECS] = { 0 };
	struct ring *r = p->state;
	int done;

	make_tags(tags, n);
	done = io_uring_register_buffers_update_tag(&r->uring, 0, iov, tags, n);
	r->held = done > 0 ? done : 0;
	return done < 0 ? done : (ssize_t)pinner_length(iov, done);
}

static int drop_update(struct pinner *p)
{
	struct ring *r = p->state;
	int err = drop_tagged(p);

	return err ? err : io_uring_register_buffers_sparse(&r->uring, PINNER_MAX_IOVECS);
}

/*
 * The memory is the ring from which the kernel takes buffers. The ring is pinned, not the buffers.
 */
static ssize_t take_pbuf(struct pinner *p, const struct iovec *iov,
			 int n __maybe_unused)
{
	struct ring *r = p->state;
	struct io_uring_buf_reg reg = {
		.ring_addr = (uintptr_t)iov->iov_base,
		.ring_entries = iov->iov_len / sizeof(struct io_uring_buf),
		.bgid = PBUF_GROUP,
	};
	int err = io_uring_register_buf_ring(&r->uring, &reg, 0);

	return err ? err : (ssize_t)iov->iov_len;
}

static int drop_pbuf(struct pinner *p)
{
	struct ring *r = p->state;

	return io_uring_unregister_buf_ring(&r->uring, PBUF_GROUP);
}

/* Registers a ring of its own, to see whether the kernel can. */
static int pbuf_open(struct pinner *p)
{
	static char page[MAX_PAGE] __aligned(MAX_PAGE);
	const struct iovec own = { page, PAGE };
	ssize_t got;

	if (ring_open(p))
		return -1;
	got = take_pbuf(p, &own, 1);
	if (got >= 0)
		drop_pbuf(p);
	if (got != -EINVAL)
		return 0;
	ring_close(p);
	return pinner_skip(p, "IORING_REGISTER_PBUF_RING: needs 5.19");
}

/* Reads a few bytes into the next buffer of the ring. 0 or -errno. */
static int read_to_pbuf(struct pinner *p)
{
	struct ring *r = p->state;
	struct io_uring_sqe *sqe = io_uring_get_sqe(&r->uring);
	int res;

	io_uring_prep_read(sqe, p->scratch->in, NULL, PBUF_BYTES, 0);
	sqe->flags |= IOSQE_BUFFER_SELECT;
	sqe->buf_group = PBUF_GROUP;
	res = ring_submit(r);
	if (res < 0)
		return res;
	return res == PBUF_BYTES ? 0 : -EIO;
}

/*
 * The kernel must find each buffer in the ring and read data into it, up to the first one of the
 * second page. All but the last are the same memory.
 */
static int use_pbuf(struct pinner *p, const struct iovec *iov)
{
	const int entries = iov->iov_len / sizeof(struct io_uring_buf);
	const int used = iov->iov_len > PAGE ? PAGE / sizeof(struct io_uring_buf) + 1 : 1;
	struct io_uring_buf_ring *buffers = iov->iov_base;
	char others[PBUF_BYTES] __aligned(8), last[PBUF_BYTES] __aligned(8) = { 0 };
	int i, err;

	io_uring_buf_ring_init(buffers);
	for (i = 0; i < used; i++)
		io_uring_buf_ring_add(buffers, i + 1 < used ? others : last, PBUF_BYTES, PBUF_BID,
				      io_uring_buf_ring_mask(entries), i);
	io_uring_buf_ring_advance(buffers, used);
	for (i = 0; i < used; i++) {
		err = read_to_pbuf(p);
		if (err)
			return err;
		if (pattern_holds(last, scratch_in_id(0), 0, PBUF_BYTES) != (i + 1 == used))
			return -EBADMSG;
	}
	return 0;
}

static int vec_open(struct pinner *p)
{
	if (ring_open(p))
		return -1;
	if (ring_has(p->state, RING_WRITEV_FIXED))
		return 0;
	ring_close(p);
	return pinner_skip(p, "no IORING_OP_WRITEV_FIXED (needs 6.15)");
}

/* The kernel has to find each part. */
static ssize_t move_vec(struct pinner *p, enum direction dir, void *buf, size_t len, int i,
			off_t at)
{
	struct iovec parts[RING_PARTS];
	int n = ring_split(parts, buf, len);
	struct ring *r = p->state;
	struct io_uring_sqe *sqe = io_uring_get_sqe(&r->uring);

	if (dir == TO_FILE)
		io_uring_prep_writev(sqe, p->scratch->out, parts, n, at);
	else
		io_uring_prep_readv(sqe, p->scratch->in, parts, n, at);
	sqe->opcode = dir == TO_FILE ? RING_WRITEV_FIXED : RING_READV_FIXED;
	sqe->buf_index = i;
	return ring_submit(r);
}

static ssize_t uring_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			off_t at)
{
	struct ring *r = p->state;
	struct io_uring_sqe *sqe = io_uring_get_sqe(&r->uring);

	if (dir == TO_FILE && n == 1)
		io_uring_prep_write(sqe, p->scratch->out, iov->iov_base, iov->iov_len, at);
	else if (dir == TO_FILE)
		io_uring_prep_writev(sqe, p->scratch->out, iov, n, at);
	else if (n == 1)
		io_uring_prep_read(sqe, p->scratch->in, iov->iov_base, iov->iov_len, at);
	else
		io_uring_prep_readv(sqe, p->scratch->in, iov, n, at);
	return ring_submit(r);
}

#else /* !HAVE_LIBURING */

#define sparse_open ring_open
#define pbuf_open ring_open
#define vec_open ring_open
#define move_vec NULL
#define take_tagged NULL
#define take_update NULL
#define take_pbuf NULL
#define use_pbuf NULL
#define drop_tagged NULL
#define drop_update NULL
#define drop_pbuf NULL
#define uring_io NULL

#endif

const struct pinner_ops pinner_register_buffers = {
	.name = "register_buffers",
	IO_REGISTERED_BUFFERS,
	.align = 1,
	.open = ring_open,
	.close = ring_close,
	.take = ring_take_buffers,
	.move = ring_move_fixed,
	.drop = ring_drop_buffers,
};

const struct pinner_ops pinner_register_buffers2 = {
	.name = "register_buffers2",
	IO_REGISTERED_BUFFERS,
	.align = 1,
	.open = ring_open,
	.close = ring_close,
	.take = take_tagged,
	.move = ring_move_fixed,
	.drop = drop_tagged,
};

const struct pinner_ops pinner_buffers_vec = {
	.name = "buffers_vec",
	IO_REGISTERED_BUFFERS,
	.align = 1,
	.open = vec_open,
	.close = ring_close,
	.take = ring_take_buffers,
	.move = move_vec,
	.drop = ring_drop_buffers,
};

/* The iovecs before the refused one stay registered and count, the errno is lost. */
static struct verdict __io_sqe_buffers_update(const struct call *c)
{
	struct verdict v = io_pin_pages(c);

	if (!v.err || !c->buffer->layout->split || v.page == 0)
		return v;
	return verdict_short(layout_bytes_before(c->buffer, v.page), v.page, v.why,
			     "iovecs before the refusal stay registered, the errno is lost");
}

const struct pinner_ops pinner_buffers_update = {
	.name = "buffers_update",
	.rule = __io_sqe_buffers_update,
	.caller = "__io_sqe_buffers_update(), io_uring/rsrc.c",
	.flags = IO_PIN_PAGES_FLAGS,
	.charged = true,
	.vm_pin = io_buffer_account_pin,
	.defects = io_buffer_defects,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.open = sparse_open,
	.close = ring_close,
	.take = take_update,
	.move = ring_move_fixed,
	.drop = drop_update,
};

/* Limits: 32768 entries of 16 bytes, a power of two, at the start of a page. */
const struct pinner_ops pinner_pbuf_ring = {
	.name = "pbuf_ring",
	.rule = io_pin_pages,
	.caller = "io_register_pbuf_ring(), io_uring/kbuf.c",
	.flags = IO_PIN_PAGES_FLAGS,
	.charged = true,
	.scratch = SCRATCH_MEMORY,
	.max_pages = 128,
	.power_of_two = true,
	.one_iovec = true,
	.open = pbuf_open,
	.close = ring_close,
	.take = take_pbuf,
	.use = use_pbuf,
	.drop = drop_pbuf,
};

const struct pinner_ops pinner_uring = {
	.name = "uring",
	.rule = iomap_dio_rw,
	.caller = "iomap_dio_rw(), fs/iomap/direct-io.c",
	.flags = GUP_FAST,
	.defects = iomap_defects,
	.scratch = SCRATCH_DIRECT,
	.align = 512,
	.open = ring_open,
	.close = ring_close,
	.io = uring_io,
};
