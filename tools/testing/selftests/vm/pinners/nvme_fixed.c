// SPDX-License-Identifier: GPL-2.0
/*
 * An NVMe command by io_uring whose data is a registered buffer: the driver gets the pages that the
 * ring has pinned (blk_rq_map_user_bvec(), block/blk-map.c). The data that one command has written
 * to the disk, another one reads, one of them with memory of the test.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <linux/types.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../lib/nvme.h"
#include "../lib/ring.h"
#include "io_pin_pages.h"

#define MAX_PAGES 64
#define MAX_BYTES (512 * 1024)	/* QEMU's limit for one command, mdts=7 */

#ifdef HAVE_LIBURING

/* include/uapi/linux/nvme_ioctl.h, since 5.19. */
struct uring_cmd {
	__u8 opcode, flags;
	__u16 reserved;
	__u32 nsid, cdw2, cdw3;
	__u64 metadata, addr;
	__u32 metadata_len, data_len;
	__u32 cdw10, cdw11, cdw12, cdw13, cdw14, cdw15;
	__u32 timeout_ms, reserved2;
};

#define URING_CMD_IO _IOWR('N', 0x80, struct uring_cmd)

static char metadata[MAX_BYTES / NVME_BLOCK * NVME_METADATA] __aligned(MAX_PAGE);
static int disk, generic;	/* the block device, which is ours alone, and the other */
static int buffer_index;

/* The command of io_uring is that of the ioctl, in the second half of a large SQE. 0 or -errno. */
static int move_fixed(struct ring *r, enum nvme_opcode opcode, void *data, size_t len)
{
	const size_t blocks = len / NVME_BLOCK;
	const struct uring_cmd cmd = {
		.opcode = opcode,
		.nsid = ioctl(disk, NVME_IOCTL_ID),
		.metadata = (uintptr_t)metadata,
		.metadata_len = blocks * NVME_METADATA,
		.addr = (uintptr_t)data,
		.data_len = len,
		.cdw12 = blocks - 1,
		.timeout_ms = NVME_TIMEOUT_MS,
	};
	struct io_uring_sqe *sqe = io_uring_get_sqe(&r->uring);
	int status;

	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, generic, NULL, 0, 0);
	sqe->cmd_op = URING_CMD_IO;
	sqe->uring_cmd_flags = IORING_URING_CMD_FIXED;
	sqe->buf_index = buffer_index;
	memcpy(sqe->cmd, &cmd, sizeof(cmd));
	status = ring_submit(r);
	return status > 0 ? -EIO : status;
}

static ssize_t fixed_copy(struct pinner *p, enum direction dir, const struct iovec *iov,
			  int n __maybe_unused, char *bounce)
{
	const size_t len = iov->iov_len;
	int err;

	if (dir == TO_FILE)
		err = move_fixed(p->state, NVME_WRITE, iov->iov_base, len) ?:
		      nvme_move(disk, NVME_READ, bounce, len / NVME_BLOCK, metadata);
	else
		err = nvme_move(disk, NVME_WRITE, bounce, len / NVME_BLOCK, metadata) ?:
		      move_fixed(p->state, NVME_READ, iov->iov_base, len);
	return err ? err : (ssize_t)len;
}

static ssize_t nvme_move_fixed(struct pinner *p, enum direction dir, void *buf, size_t len, int i,
			       off_t at)
{
	const struct iovec iov = { buf, len };

	buffer_index = i;
	return pinner_bounce(p, dir, &iov, 1, at, fixed_copy);
}

/* Can this kernel do that with a buffer of ours? */
static int try_fixed(struct pinner *p)
{
	static char block[NVME_BLOCK];
	const struct iovec own = { block, sizeof(block) };
	ssize_t got = ring_take_buffers(p, &own, 1);
	int err;

	if (got < 0)
		return got;
	buffer_index = 0;
	err = move_fixed(p->state, NVME_WRITE, block, sizeof(block));
	ring_drop_buffers(p);
	return err;
}

static void close_disk(void)
{
	if (disk >= 0)
		close(disk);
	if (generic >= 0)
		close(generic);
}

/* O_EXCL: nobody else uses the disk. */
static int open_disk(struct pinner *p)
{
	generic = -1;
	disk = nvme_open_disk(p, "/sys/block/", "nvme*/device/serial", O_RDWR | O_EXCL);
	if (disk >= 0)
		generic = nvme_open_disk(p, "/sys/class/nvme-generic/", "ng*/device/serial",
					 O_RDWR);
	if (generic >= 0)
		return 0;
	close_disk();
	return -1;
}

static int nvme_fixed_open(struct pinner *p)
{
	int err;

	if (open_disk(p))
		return -1;
	if (ring_open_with(p, IORING_SETUP_SQE128 | IORING_SETUP_CQE32)) {
		close_disk();
		return -1;
	}
	err = try_fixed(p);
	if (!err)
		return 0;
	ring_close(p);
	close_disk();
	if (err == -EIO)
		return nvme_skip(p, err);
	return pinner_skip(p, "IORING_URING_CMD_FIXED: %s%s", strerror(-err),
			   err == -EINVAL || err == -EOPNOTSUPP ? ": needs 6.1" : "");
}

static void nvme_fixed_close(struct pinner *p)
{
	ring_close(p);
	close_disk();
}

#else

#define nvme_fixed_open ring_open
#define nvme_fixed_close NULL
#define nvme_move_fixed NULL

#endif

const struct pinner_ops pinner_nvme_fixed = {
	.name = "nvme_fixed",
	IO_REGISTERED_BUFFERS,
	.align = NVME_BLOCK,
	.max_pages = MAX_PAGES,
	.max_bytes = MAX_BYTES,
	.open = nvme_fixed_open,
	.close = nvme_fixed_close,
	.take = ring_take_buffers,
	.move = nvme_move_fixed,
	.drop = ring_drop_buffers,
};
