// SPDX-License-Identifier: GPL-2.0
/* An io_uring and the buffers registered with it; see ring.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ring.h"

#ifdef HAVE_LIBURING

#define PATIENCE_MS 500

/*
 * Rings are charged, too. A worker uncharges the ring of the last process; a user at the limit has
 * to wait for that, and no event tells when.
 */
static int ring_init(struct io_uring *uring, unsigned int flags)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	int i, err;

	for (i = 0; (err = io_uring_queue_init(8, uring, flags)) == -ENOMEM && i < PATIENCE_MS; i++)
		nanosleep(&ms, NULL);
	return err;
}

int ring_open_with(struct pinner *p, unsigned int flags)
{
	struct ring *r = calloc(1, sizeof(*r));
	int err = r ? ring_init(&r->uring, flags) : -ENOMEM;

	if (!err) {
		p->state = r;
		return 0;
	}
	free(r);
	if (err == -ENOSYS)
		return pinner_skip(p, "no io_uring: CONFIG_IO_URING");
	if (err == -EINVAL)
		return pinner_skip(p, "io_uring_setup with flags %#x: needs 5.19", flags);
	if (err == -EPERM)
		return pinner_skip(p, "io_uring is not for this user: sysctl kernel.io_uring_disabled=0");
	if (err == -ENOMEM)
		return pinner_skip(p, "RLIMIT_MEMLOCK is used up: ulimit -l 8192, or run as root");
	return pinner_skip(p, "io_uring_setup: %s", strerror(-err));
}

int ring_open(struct pinner *p)
{
	return ring_open_with(p, 0);
}

void ring_close(struct pinner *p)
{
	struct ring *r = p->state;

	io_uring_queue_exit(&r->uring);
	free(r);
}

bool ring_has(struct ring *r, int op)
{
	struct io_uring_probe *probe = io_uring_get_probe_ring(&r->uring);
	bool has = probe && io_uring_opcode_supported(probe, op);

	io_uring_free_probe(probe);
	return has;
}

int ring_split(struct iovec *parts, char *buf, size_t len)
{
	const size_t step = len / RING_PARTS;
	int i, n = step ? RING_PARTS : 1;

	for (i = 0; i < n; i++)
		parts[i] = (struct iovec){ buf + i * step, step };
	parts[n - 1].iov_len = len - (n - 1) * step;
	return n;
}

/* A signal ends a wait, but not what was submitted. */
int ring_submit(struct ring *r)
{
	struct io_uring_cqe *cqe;
	int res = io_uring_submit_and_wait(&r->uring, 1);

	if (res < 0 && res != -EINTR)
		return res;
	do
		res = io_uring_wait_cqe(&r->uring, &cqe);
	while (res == -EINTR);
	if (res < 0)
		return res;
	res = cqe->res;
	io_uring_cqe_seen(&r->uring, cqe);
	return res;
}

ssize_t ring_take_buffers(struct pinner *p, const struct iovec *iov, int n)
{
	struct ring *r = p->state;
	int err = io_uring_register_buffers(&r->uring, iov, n);

	return err ? err : (ssize_t)pinner_length(iov, n);
}

int ring_drop_buffers(struct pinner *p)
{
	struct ring *r = p->state;

	return io_uring_unregister_buffers(&r->uring);
}

ssize_t ring_move_fixed(struct pinner *p, enum direction dir, void *buf, size_t len, int i,
			  off_t at)
{
	struct ring *r = p->state;
	struct io_uring_sqe *sqe = io_uring_get_sqe(&r->uring);

	if (dir == TO_FILE)
		io_uring_prep_write_fixed(sqe, p->scratch->out, buf, len, at, i);
	else
		io_uring_prep_read_fixed(sqe, p->scratch->in, buf, len, at, i);
	return ring_submit(r);
}

#else /* !HAVE_LIBURING */

int ring_open(struct pinner *p)
{
	return pinner_skip(p, "built without liburing: install liburing-dev and build again");
}

#endif
