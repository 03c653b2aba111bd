/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An io_uring as the state of a pinner, and the buffers registered with it. Without liburing there
 * is only ring_open(), which says so.
 */
#ifndef PFNMAP_RING_H
#define PFNMAP_RING_H

#include <errno.h>

/* liburing has an <io_uring.h> of its own, which clashes with <linux/io_uring.h>. */
#ifdef HAVE_LIBURING
#include <liburing.h>
#else
#include <linux/io_uring.h>
#endif

#include "../pinners/pinner.h"

/* A pinner's .open and .close; the ring is @p->state. */
int ring_open(struct pinner *p);
void ring_close(struct pinner *p);

#ifdef HAVE_LIBURING
struct ring {
	struct io_uring uring;
	int held;		/* iovecs registered */
};

/* The same as ring_open() with IORING_SETUP_*. */
int ring_open_with(struct pinner *p, unsigned int flags);

/* Knows this kernel the operation @op, IORING_OP_*? */
bool ring_has(struct ring *r, int op);

/* include/uapi/linux/io_uring.h, since 6.15: of registered buffers, by iovecs. */
#define RING_READV_FIXED 60
#define RING_WRITEV_FIXED 61
#define RING_PARTS 3

/* Makes [@buf, +@len) up to RING_PARTS parts side by side, none of them empty. Returns how many. */
int ring_split(struct iovec *parts, char *buf, size_t len);

/* Submits the one request that is prepared. Returns its res, or why there is none. */
int ring_submit(struct ring *r);

/* A pinner's .take, .drop and .move: registered buffers, and I/O by their number. */
ssize_t ring_take_buffers(struct pinner *p, const struct iovec *iov, int n);
int ring_drop_buffers(struct pinner *p);
ssize_t ring_move_fixed(struct pinner *p, enum direction dir, void *buf, size_t len, int i,
			off_t at);

#else

#define ring_close NULL
#define ring_take_buffers NULL
#define ring_drop_buffers NULL
#define ring_move_fixed NULL

#endif

#endif
