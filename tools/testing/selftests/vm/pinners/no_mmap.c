// SPDX-License-Identifier: GPL-2.0
/*
 * IORING_SETUP_NO_MMAP (6.5): the submission queue entries are in user memory, which is pinned
 * until the ring is destroyed. The test submits requests that it writes to this memory.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../lib/ring.h"
#include "io_pin_pages.h"

#define SETUP_NO_MMAP (1U << 14)	/* <linux/io_uring.h> has IORING_SETUP_NO_MMAP since 6.5 */
#define SETUP_NO_SQARRAY (1U << 16)	/* and IORING_SETUP_NO_SQARRAY since 6.6 */
#define QUEUE_BYTES (8UL << 20)		/* enough for the queues of the largest ring */
#define FIRST_USER_DATA 4711

static struct no_mmap {
	struct io_uring_params params;
	char *queues;		/* heads, tails and completions of the ring */
	int ring;
} no_mmap;

/*
 * .user_addr is the last field of struct io_sqring_offsets and of struct io_cqring_offsets. The
 * name of the field is resv2 in headers before 6.5.
 */
static void set_user_addr(void *offsets, size_t size, void *memory)
{
	const uint64_t user_addr = (uintptr_t)memory;

	memcpy((char *)offsets + size - sizeof(user_addr), &user_addr, sizeof(user_addr));
}

/* Creates a ring with @bytes of entries at @entries. The fd, or -errno. */
static int setup_ring(void *entries, size_t bytes)
{
	struct io_uring_params *p = &no_mmap.params;
	int fd;

	*p = (struct io_uring_params){ .flags = SETUP_NO_MMAP | SETUP_NO_SQARRAY };
	set_user_addr(&p->sq_off, sizeof(p->sq_off), entries);
	set_user_addr(&p->cq_off, sizeof(p->cq_off), no_mmap.queues);
	/* A worker may still use the pages of the previous ring: use new pages. */
	madvise(no_mmap.queues, QUEUE_BYTES, MADV_DONTNEED);
	fd = syscall(__NR_io_uring_setup, bytes / sizeof(struct io_uring_sqe), p);
	return fd < 0 ? -errno : fd;
}

static int no_mmap_open(struct pinner *p)
{
	int err;

	no_mmap.queues = mmap(NULL, QUEUE_BYTES, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (no_mmap.queues == MAP_FAILED)
		return pinner_skip(p, "no memory: %s", strerror(errno));
	/* A kernel that knows the flags refuses the NULL address. */
	err = setup_ring(NULL, PAGE);
	if (err == -EFAULT)
		return 0;
	munmap(no_mmap.queues, QUEUE_BYTES);
	return pinner_skip(p, "io_uring_setup(IORING_SETUP_NO_MMAP): %s (needs 6.6)",
			   strerror(-err));
}

static void no_mmap_close(struct pinner *p __maybe_unused)
{
	munmap(no_mmap.queues, QUEUE_BYTES);
}

static ssize_t take_no_mmap(struct pinner *p __maybe_unused, const struct iovec *iov,
			    int n __maybe_unused)
{
	no_mmap.ring = setup_ring(iov->iov_base, iov->iov_len);
	return no_mmap.ring < 0 ? no_mmap.ring : (ssize_t)iov->iov_len;
}

/* The kernel must find every entry, the last one included. */
static int use_no_mmap(struct pinner *p __maybe_unused, const struct iovec *iov)
{
	const struct io_uring_params *params = &no_mmap.params;
	unsigned int i, n = params->sq_entries;
	unsigned int *sq_tail = (unsigned int *)(no_mmap.queues + params->sq_off.tail);
	struct io_uring_cqe *cqes = (struct io_uring_cqe *)(no_mmap.queues + params->cq_off.cqes);
	struct io_uring_sqe *entries = iov->iov_base;

	memset(entries, 0, iov->iov_len);
	for (i = 0; i < n; i++) {
		entries[i].opcode = IORING_OP_NOP;
		entries[i].user_data = FIRST_USER_DATA + i;
	}
	__atomic_store_n(sq_tail, *sq_tail + n, __ATOMIC_RELEASE);
	if (syscall(__NR_io_uring_enter, no_mmap.ring, n, n, IORING_ENTER_GETEVENTS, NULL, 0) !=
	    (int)n)
		return -errno;
	for (i = 0; i < n; i++)
		if (cqes[i].user_data != FIRST_USER_DATA + i || cqes[i].res)
			return -EBADMSG;
	return 0;
}

static int drop_no_mmap(struct pinner *p __maybe_unused)
{
	return close(no_mmap.ring) ? -errno : 0;
}

/* Limits: 32768 entries of 64 bytes, a power of two. */
const struct pinner_ops pinner_no_mmap = {
	.name = "no_mmap",
	.rule = io_pin_pages,
	.caller = "io_rings_map(), io_uring/memmap.c",
	.flags = IO_PIN_PAGES_FLAGS,
	.charged = true,
	.scratch = SCRATCH_MEMORY,
	.max_pages = 128,
	.power_of_two = true,
	.one_iovec = true,
	.open = no_mmap_open,
	.close = no_mmap_close,
	.take = take_no_mmap,
	.use = use_no_mmap,
	.drop = drop_no_mmap,
};
