// SPDX-License-Identifier: GPL-2.0
/*
 * IORING_REGISTER_MEM_REGION (6.13): a ring pins user memory for the arguments of waits, which it
 * would otherwise copy on each call. The test waits with a timeout that it writes to this memory.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/time_types.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../lib/ring.h"
#include "io_pin_pages.h"

/* <linux/io_uring.h> has these constants and structs since 6.13. */
#define REGISTER_MEM_REGION 34
#define REGION_TYPE_USER 1
#define REGION_WAIT_ARG 1
#define ENTER_EXT_ARG_REG (1U << 6)
#define WAIT_TS 1

struct region_desc {
	__u64 user_addr;
	__u64 size;
	__u32 flags;
	__u32 id;
	__u64 mmap_offset;
	__u64 resv[4];
};

struct mem_region_reg {
	__u64 region;
	__u64 flags;
	__u64 resv[2];
};

struct reg_wait {
	struct __kernel_timespec ts;
	__u32 min_wait_usec;
	__u32 flags;
	__u64 resv[5];
};

static int region_ring;

/*
 * A ring keeps its region until it is closed, so each region needs a new ring. The fd, or -errno.
 */
static int setup_region(void *addr, size_t bytes)
{
	struct region_desc desc = {
		.user_addr = (uintptr_t)addr,
		.size = bytes,
		.flags = REGION_TYPE_USER,
	};
	const struct mem_region_reg reg = { .region = (uintptr_t)&desc, .flags = REGION_WAIT_ARG };
	struct io_uring_params params = { .flags = IORING_SETUP_R_DISABLED };
	int fd = syscall(__NR_io_uring_setup, 1, &params), err;

	if (fd < 0)
		return -errno;
	if (!syscall(__NR_io_uring_register, fd, REGISTER_MEM_REGION, &reg, 1) &&
	    !syscall(__NR_io_uring_register, fd, IORING_REGISTER_ENABLE_RINGS, NULL, 0))
		return fd;
	err = errno;
	close(fd);
	return -err;
}

static int mem_region_open(struct pinner *p)
{
	/* A kernel with regions refuses the NULL address. */
	int err = setup_region(NULL, PAGE);

	if (err == -EFAULT)
		return 0;
	return pinner_skip(p, "io_uring_register(IORING_REGISTER_MEM_REGION): %s (needs 6.13)",
			   strerror(-err));
}

static ssize_t take_mem_region(struct pinner *p __maybe_unused, const struct iovec *iov,
			       int n __maybe_unused)
{
	region_ring = setup_region(iov->iov_base, iov->iov_len);
	return region_ring < 0 ? region_ring : (ssize_t)iov->iov_len;
}

/*
 * The kernel must find the timeout in the last page: another page has no valid timeout and flags.
 * The test does not use the last struct of the region: io_get_ext_arg_reg() passes the highest
 * offset to array_index_nospec() as the size, so this offset becomes 0 (6.18).
 */
static int use_mem_region(struct pinner *p __maybe_unused, const struct iovec *iov)
{
	const struct reg_wait wait = { .ts = { .tv_nsec = 1000 }, .flags = WAIT_TS };
	size_t offset = iov->iov_len - 2 * sizeof(wait);
	long err;

	memcpy((char *)iov->iov_base + offset, &wait, sizeof(wait));
	err = syscall(__NR_io_uring_enter, region_ring, 0, 1,
		      IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | ENTER_EXT_ARG_REG,
		      offset, sizeof(wait));
	return err < 0 && errno == ETIME ? 0 : -EBADMSG;
}

static int drop_mem_region(struct pinner *p __maybe_unused)
{
	return close(region_ring) ? -errno : 0;
}

const struct pinner_ops pinner_mem_region = {
	.name = "mem_region",
	.rule = io_pin_pages,
	.caller = "io_create_region(), io_uring/memmap.c",
	.flags = IO_PIN_PAGES_FLAGS,
	.charged = true,
	.scratch = SCRATCH_MEMORY,
	.one_iovec = true,
	.open = mem_region_open,
	.take = take_mem_region,
	.use = use_mem_region,
	.drop = drop_mem_region,
};
