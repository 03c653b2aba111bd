// SPDX-License-Identifier: GPL-2.0
/*
 * FUSE takes the pages of a reader or writer (fs/fuse/file.c, fuse_get_user_pages()), and a server
 * in user space copies the data. The server is a thread of the test.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../lib/fuse.h"
#include "pinner.h"

static struct fuse fuse;
static pthread_t server;
static int file;

/*
 * Serves until the filesystem ends. Only this thread has the device open: when the test is killed,
 * the death of this thread ends the filesystem. Otherwise a thread that waits for an answer could
 * not die.
 */
static void *server_thread(void *unused __maybe_unused)
{
	if (unshare(CLONE_FILES)) {
		close(fuse.device);
		return NULL;
	}
	close(fuse.root);
	while (fuse_serve(&fuse))
		;
	return NULL;
}

static int fuse_open(struct pinner *p)
{
	int err;

	if (fuse_make(&fuse, p))
		return -1;
	err = pthread_create(&server, NULL, server_thread, NULL);
	if (err) {
		close(fuse.root);
		close(fuse.device);
		return pinner_skip(p, "no thread for a FUSE server: %s", strerror(err));
	}
	file = fuse_open_file(&fuse);
	err = errno;
	/* The thread has its own file table, with the device, by now. */
	close(fuse.device);
	if (file >= 0)
		return 0;
	pthread_join(server, NULL);
	return pinner_skip(p, "FUSE file cannot be opened: %s", strerror(err));
}

static void fuse_close(struct pinner *p __maybe_unused)
{
	close(file);
	pthread_join(server, NULL);
}

static ssize_t fuse_io(struct pinner *p __maybe_unused, enum direction dir,
		       const struct iovec *iov, int n, off_t at)
{
	ssize_t got = dir == TO_FILE ? pwritev(file, iov, n, at) : preadv(file, iov, n, at);

	return got < 0 ? -errno : got;
}

const struct pinner_ops pinner_fuse = {
	.name = "fuse",
	.rule = short_count,
	.caller = "fuse_get_user_pages(), fs/fuse/file.c",
	.flags = GUP_FAST | FOLL_GET,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.open = fuse_open,
	.close = fuse_close,
	.io = fuse_io,
};
