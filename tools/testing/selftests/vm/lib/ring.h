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
