// SPDX-License-Identifier: GPL-2.0
/*
 * FUSE hands pages of a reader or writer to a server in user space (fs/fuse/file.c, fuse_get_user_pages()).
 * The server is a thread of ours and has one file, which is all of its filesystem: what is written goes
 * to the scratch file, and what is read comes from there.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <linux/mount.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "pinner.h"

#define MAX_WRITE (32 * PAGE)	/* as much as the kernel takes at once without being asked for more */

static struct server {
	const struct scratch *scratch;
	pthread_t thread;
	int device;
	int made;	/* the filesystem, until its file is open */
	/* One request, and one answer: the thread's. */
	char request[FUSE_MIN_READ_BUFFER + MAX_WRITE];
	char data[MAX_WRITE];
} server;

static int file;

/* An answer has @len bytes of server.data. */
static void answer(const struct fuse_in_header *in, int err, size_t len)
{
	struct fuse_out_header out = { sizeof(out) + len, -err, in->unique };
	const struct iovec iov[] = { { &out, sizeof(out) }, { server.data, len } };

	/* Nobody is left to be told when it fails: then the next read says so, too. */
	if (writev(server.device, iov, len ? 2 : 1) < 0)
		return;
}

/* Copies @len bytes of an answer to where they are sent from; how many. */
static size_t put(const void *answer, size_t len)
{
	memcpy(server.data, answer, len);
	return len;
}

/* Bytes of the answer, or -errno. */
static ssize_t serve(const struct fuse_in_header *in, const void *arg)
{
	const struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION, .max_write = MAX_WRITE,
	};
	const struct fuse_open_out open = { .open_flags = FOPEN_DIRECT_IO };
	const struct fuse_attr_out attributes = {
		.attr = { .ino = FUSE_ROOT_ID, .mode = S_IFREG | 0600, .nlink = 1 },
	};
	const struct fuse_write_in *write = arg;
	const struct fuse_read_in *read = arg;
	struct fuse_write_out wrote = {};
	ssize_t got;

	switch (in->opcode) {
	case FUSE_INIT:
		return put(&init, sizeof(init));
	case FUSE_GETATTR:
		return put(&attributes, sizeof(attributes));
	case FUSE_OPEN:
		return put(&open, sizeof(open));
	case FUSE_READ:
		got = pread(server.scratch->in, server.data, read->size, read->offset);
		return got < 0 ? -errno : got;
	case FUSE_WRITE:
		got = pwrite(server.scratch->out, write + 1, write->size, write->offset);
		wrote.size = got;
		return got < 0 ? -errno : (ssize_t)put(&wrote, sizeof(wrote));
	case FUSE_FLUSH:
	case FUSE_RELEASE:
		return 0;
	default:
		return -ENOSYS;
	}
}

/*
 * Ends when the filesystem does. And when we are killed the filesystem ends with this thread, which is why
 * it has the device for itself: who waits for an answer then could not die otherwise.
 */
static void *serve_all(void *unused __maybe_unused)
{
	const struct fuse_in_header *in = (void *)server.request;
	ssize_t got;

	if (unshare(CLONE_FILES)) {
		close(server.device);
		return NULL;
	}
	close(server.made);
	while ((got = read(server.device, server.request, sizeof(server.request))) > 0 || errno == EINTR) {
		if (got < (ssize_t)sizeof(*in) || in->opcode == FUSE_FORGET || in->opcode == FUSE_INTERRUPT)
			continue;
		got = serve(in, in + 1);
		answer(in, got < 0 ? -got : 0, got < 0 ? 0 : got);
	}
	return NULL;
}

/* The filesystem, made but mounted nowhere: a descriptor, or -1 with errno set. */
static int make_filesystem(void)
{
	char device[16];
	const char *parameters[][2] = {
		{ "fd", device }, { "rootmode", "100000" }, { "user_id", "0" }, { "group_id", "0" },
	};
	int context = syscall(SYS_fsopen, "fuse", FSOPEN_CLOEXEC), made = -1, err = 0;
	size_t i;

	if (context < 0)
		return -1;
	snprintf(device, sizeof(device), "%d", server.device);
	for (i = 0; i < ARRAY_SIZE(parameters) && !err; i++)
		err = syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, parameters[i][0],
			      parameters[i][1], 0);
	if (!err && !syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		made = syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
	err = errno;
	close(context);
	errno = err;
	return made;
}

/* Its one file, which is its root, and a thread that serves it. -1 with errno set. */
static int open_served(void)
{
	char path[32];
	int fd = -1, err;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", server.made);
	err = pthread_create(&server.thread, NULL, serve_all, NULL);
	if (!err) {
		fd = open(path, O_RDWR | O_CLOEXEC);
		err = errno;
	}
	close(server.made);
	errno = err;
	return fd;
}

static int fuse_open(struct pinner *p)
{
	int err;

	server.scratch = p->scratch;
	server.device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (server.device < 0)
		return pinner_skip(p, "/dev/fuse: %s: modprobe fuse (CONFIG_FUSE_FS)", strerror(errno));
	server.made = make_filesystem();
	file = server.made < 0 ? -1 : open_served();
	err = errno;
	/* The thread has its own by now. */
	close(server.device);
	return file < 0 ? pinner_skip(p, "no filesystem of FUSE: %s: run as root", strerror(err)) : 0;
}

static void fuse_close(struct pinner *p __maybe_unused)
{
	close(file);
	pthread_join(server.thread, NULL);
}

static ssize_t fuse_io(struct pinner *p __maybe_unused, enum direction dir, const struct iovec *iov, int n,
		       off_t at)
{
	ssize_t got = dir == TO_FILE ? pwritev(file, iov, n, at) : preadv(file, iov, n, at);

	return got < 0 ? -errno : got;
}

const struct pinner_ops pinner_fuse = {
	.name = "fuse",
	.props = { .fast = true, .asks_again = true, .each_iovec = true, .partial = SHORT_COUNT },
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.open = fuse_open,
	.close = fuse_close,
	.io = fuse_io,
};
