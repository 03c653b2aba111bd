// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that a ublk server shares with the kernel, for I/O without copies: the driver pins it and
 * finds it again, by its frames, in the requests for the device (UBLK_U_CMD_REG_BUF). The device is
 * never started, so there is no request.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/types.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/ring.h"
#include "pinner.h"

#define CONTROL "/dev/ublk-control"
#define READ_ONLY 1	/* UBLK_SHMEM_BUF_READ_ONLY */

#ifdef HAVE_LIBURING

/* include/uapi/linux/ublk_cmd.h, whose older versions lack the command. */
struct control_cmd {
	__u32 dev_id;
	__u16 queue_id, len;
	__u64 addr, data[1];
	__u16 dev_path_len, pad;
	__u32 reserved;
};

struct device_info {
	__u16 nr_hw_queues, queue_depth, state, io_desc_size;
	__u32 max_io_buf_bytes, dev_id;
	__s32 server_pid;
	__u32 pad;
	__u64 flags, server_flags;
	__u32 owner_uid, owner_gid;
	__u64 reserved[2];
};

struct buffer_to_register {
	__u64 addr, len;
	__u32 flags, reserved;
};

#define SHARES_MEMORY (1ULL << 19)	/* UBLK_F_SHMEM_ZC */
#define GET_DEV_INFO _IOR('u', 0x02, struct control_cmd)
#define ADD_DEV _IOWR('u', 0x04, struct control_cmd)
#define DEL_DEV _IOWR('u', 0x05, struct control_cmd)
#define REG_BUF _IOWR('u', 0x18, struct control_cmd)
#define UNREG_BUF _IOWR('u', 0x19, struct control_cmd)

/* The kernel keeps .server_flags for the server: whose device it is, a test's of this process. */
#define OURS 0x706c6275ULL	/* "ublp" */
#define DEVICES "/sys/class/ublk-char/ublkc"

static int control;
static __u32 device;
static int indices[PINNER_MAX_IOVECS];	/* of the buffers */
static int nr_indices;

/* The result, or -errno. */
static int command(struct pinner *p, __u32 op, const struct control_cmd *cmd)
{
	struct ring *r = p->state;
	struct io_uring_sqe *sqe = io_uring_get_sqe(&r->uring);

	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, control, NULL, 0, 0);
	sqe->cmd_op = op;
	memcpy(sqe->cmd, cmd, sizeof(*cmd));
	return ring_submit(r);
}

static int drop_buffers(struct pinner *p)
{
	struct control_cmd cmd = { .dev_id = device, .queue_id = -1 };
	int err = 0;

	while (nr_indices) {
		cmd.data[0] = indices[--nr_indices];
		err = command(p, UNREG_BUF, &cmd) ?: err;
	}
	return err;
}

static ssize_t take_buffers(struct pinner *p, const struct iovec *iov, int n)
{
	struct buffer_to_register buffer = {};
	const struct control_cmd cmd = {
		.dev_id = device,
		.queue_id = -1,
		.addr = (uintptr_t)&buffer,
		.len = sizeof(buffer),
	};
	int i, index;

	for (i = 0; i < n; i++) {
		buffer.addr = (uintptr_t)iov[i].iov_base;
		buffer.len = iov[i].iov_len;
		buffer.flags = p->mode->flags & FOLL_WRITE ? 0 : READ_ONLY;
		index = command(p, REG_BUF, &cmd);
		if (index < 0) {
			drop_buffers(p);
			return index;
		}
		indices[nr_indices++] = index;
	}
	return pinner_length(iov, n);
}

/* The numbers of processes are those of one namespace. */
static __u32 ours(void)
{
	struct stat namespace = {};

	stat("/proc/self/ns/pid", &namespace);
	return OURS ^ namespace.st_ino;
}

static int remove_device(struct pinner *p, __u32 id)
{
	return command(p, DEL_DEV, &(struct control_cmd){ .dev_id = id, .queue_id = -1 });
}

/* A process that was killed could not remove its device, which holds the pages. */
static void remove_orphan(struct pinner *p, __u32 id)
{
	struct device_info info = {};
	const struct control_cmd cmd = {
		.dev_id = id,
		.queue_id = -1,
		.addr = (uintptr_t)&info,
		.len = sizeof(info),
	};

	if (command(p, GET_DEV_INFO, &cmd) || info.server_flags >> 32 != ours())
		return;
	if (kill(info.server_flags & UINT32_MAX, 0) && errno == ESRCH)
		remove_device(p, id);
}

static void remove_orphans(struct pinner *p)
{
	glob_t found;
	size_t i;

	if (glob(DEVICES "*", 0, NULL, &found))
		return;
	for (i = 0; i < found.gl_pathc; i++)
		remove_orphan(p, atoi(found.gl_pathv[i] + strlen(DEVICES)));
	globfree(&found);
}

/* Adds a device with one queue of one request. 0 or -errno. */
static int add_device(struct pinner *p)
{
	struct device_info info = {
		.nr_hw_queues = 1,
		.queue_depth = 1,
		.max_io_buf_bytes = PAGE,
		.dev_id = -1,
		.flags = SHARES_MEMORY,
		.server_flags = (__u64)ours() << 32 | getpid(),
	};
	const struct control_cmd cmd = {
		.dev_id = -1,
		.queue_id = -1,
		.addr = (uintptr_t)&info,
		.len = sizeof(info),
	};
	int err = command(p, ADD_DEV, &cmd);

	device = info.dev_id;
	if (err || info.flags & SHARES_MEMORY)
		return err;
	remove_device(p, device);
	return -EOPNOTSUPP;
}

static int ublk_open(struct pinner *p)
{
	int err;

	nr_indices = 0;
	control = open(CONTROL, O_RDWR | O_CLOEXEC);
	if (control < 0 && errno == EACCES)
		return pinner_skip(p, CONTROL ": run as root");
	if (control < 0)
		return pinner_skip(p, CONTROL ": %s (CONFIG_BLK_DEV_UBLK)", strerror(errno));
	if (ring_open_with(p, IORING_SETUP_SQE128)) {
		close(control);
		return -1;
	}
	remove_orphans(p);
	err = add_device(p);
	if (!err)
		return 0;
	ring_close(p);
	close(control);
	/* Before it had ioctl numbers, ublk_ctrl_uring_cmd() knew no such device. */
	return pinner_skip(p, "ublk shares no memory: %s (%s)", strerror(-err),
			   err == -EPERM ? "run as root" : "needs 7.1");
}

static void ublk_close(struct pinner *p)
{
	if (remove_device(p, device))
		snprintf(p->complaint, sizeof(p->complaint), "the ublk device cannot be removed");
	ring_close(p);
	close(control);
}

#else

#define ublk_open ring_open
#define ublk_close NULL
#define take_buffers NULL
#define drop_buffers NULL

#endif

static struct verdict ublk_ctrl_reg_buf(const struct call *c)
{
	return pinned_at_once(c, EFAULT);
}

static const struct pinner_mode modes[] = {
	{ .name = "read and write", .flags = FOLL_WRITE },
	{ .name = "read" },
	{}
};

static const struct defect ublk_defects[] = {
	{ .id = UBLK_UNCHARGED, .flaw = UNCHARGED },
	{}
};

const struct pinner_ops pinner_ublk = {
	.name = "ublk",
	.rule = ublk_ctrl_reg_buf,
	.caller = "ublk_ctrl_reg_buf(), drivers/block/ublk_drv.c",
	.flags = GUP_FAST | FOLL_PIN | FOLL_LONGTERM,
	.defects = ublk_defects,
	.modes = modes,
	.by_worker = true,	/* ublk_ctrl_uring_cmd() may sleep */
	.scratch = SCRATCH_MEMORY,
	.open = ublk_open,
	.close = ublk_close,
	.take = take_buffers,
	.drop = drop_buffers,
};
