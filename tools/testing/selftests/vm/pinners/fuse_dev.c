// SPDX-License-Identifier: GPL-2.0
/*
 * A FUSE server reads requests from /dev/fuse and writes answers to it. The kernel takes the
 * server's memory page by page (fs/fuse/dev.c, fuse_copy_fill()). This process serves, and a thread
 * of it makes the requests: it writes what shall come into the memory, and reads what shall go out
 * of it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../lib/fuse.h"
#include "pinner.h"

/* What the thread shall do with the file. */
struct errand {
	enum direction dir;
	char *data;
	size_t len;
};

static struct fuse fuse;
static pthread_t thread;
static int to_thread;		/* errands go there, results come back: bytes or -errno */
static int from_us;		/* the thread's end of the socket pair */

static ssize_t run_errand(int file, const struct errand *e)
{
	ssize_t got = e->dir == FROM_FILE ? pwrite(file, e->data, e->len, 0) :
					    pread(file, e->data, e->len, 0);

	return got < 0 ? -errno : got;
}

/*
 * The thread has the file, and not the device: when the process is killed its device is closed, and
 * a call that waits for an answer can end. The first result is that of opening the file.
 */
static void *run_errands(void *unused __maybe_unused)
{
	struct errand e;
	ssize_t end;
	int file;

	if (unshare(CLONE_FILES)) {
		close(from_us);
		return NULL;
	}
	close(fuse.device);
	close(to_thread);
	file = fuse_open_file(&fuse);
	end = file < 0 ? -errno : 0;
	while (write(from_us, &end, sizeof(end)) == sizeof(end) &&
	       read(from_us, &e, sizeof(e)) == sizeof(e))
		end = run_errand(file, &e);
	return NULL;
}

/* Waits for a request. False when the thread has finished its errand instead. */
static bool is_asked(void)
{
	struct pollfd fds[] = { { .fd = to_thread, .events = POLLIN },
				{ .fd = fuse.device, .events = POLLIN } };

	while (poll(fds, ARRAY_SIZE(fds), -1) < 0 && errno == EINTR)
		;
	return !fds[0].revents;
}

/* Answers other requests until the thread has finished. Returns the thread's result. */
static ssize_t errand_ends(void)
{
	ssize_t end;

	while (is_asked() && fuse_serve(&fuse))
		;
	return read(to_thread, &end, sizeof(end)) == sizeof(end) ? end : -EIO;
}

/* The filesystem ends with its device, and the thread with its socket. */
static void fuse_dev_close(struct pinner *p __maybe_unused)
{
	close(fuse.device);
	close(to_thread);
	pthread_join(thread, NULL);
}

/* The thread has its own descriptors once its first errand is over. */
static int start_thread(void)
{
	int ends[2], err;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	to_thread = ends[0];
	from_us = ends[1];
	err = -pthread_create(&thread, NULL, run_errands, NULL);
	if (err) {
		close(to_thread);
		close(from_us);
	}
	return err;
}

static int fuse_dev_open(struct pinner *p)
{
	int err;

	if (fuse_make(&fuse, p))
		return -1;
	err = start_thread();
	if (err) {
		close(fuse.device);
		close(fuse.root);
		return pinner_skip(p, "no thread can open a file of FUSE: %s", strerror(-err));
	}
	err = errand_ends();
	close(fuse.root);
	close(from_us);
	if (!err)
		return 0;
	fuse_dev_close(p);
	return pinner_skip(p, "no file of FUSE: %s", strerror(-err));
}

/*
 * A request to write arrives: its header in our own memory, its data in the iovecs. Bytes of data,
 * or -errno.
 */
static ssize_t receive(const struct iovec *iov, int n)
{
	struct {
		struct fuse_in_header in;
		struct fuse_write_in write;
	} head;
	struct iovec parts[PINNER_MAX_IOVECS + 2] = { { &head, sizeof(head) } };
	struct fuse_write_out wrote = {};
	const struct iovec answer = { &wrote, sizeof(wrote) };
	ssize_t got;

	memcpy(parts + 1, iov, n * sizeof(*iov));
	/* The kernel wants room for the largest header. */
	parts[n + 1] = (struct iovec){ fuse.request, sizeof(fuse.request) };
	got = readv(fuse.device, parts, n + 2);
	if (got < 0)
		return -errno;
	if (head.in.opcode != FUSE_WRITE)
		return -EPROTO;
	wrote.size = head.write.size;
	got = fuse_answer(&fuse, &head.in, 0, &answer, 1);
	return got < 0 ? got : (ssize_t)wrote.size;
}

/* A request to read is answered with the iovecs' data. Bytes of it, or -errno. */
static ssize_t reply(const struct iovec *iov, int n)
{
	const struct fuse_in_header *in = (void *)fuse.request;
	ssize_t got = read(fuse.device, fuse.request, sizeof(fuse.request));

	if (got < 0)
		return -errno;
	if (in->opcode != FUSE_READ)
		return -EPROTO;
	got = fuse_answer(&fuse, in, 0, iov, n);
	return got < 0 ? got : got - (ssize_t)sizeof(struct fuse_out_header);
}

/* Both sides must report the same. */
static ssize_t fuse_dev_copy(struct pinner *p __maybe_unused, enum direction dir,
			     const struct iovec *iov, int n, char *bounce)
{
	const struct errand e = { dir, bounce, pinner_length(iov, n) };
	ssize_t got = -EIO, end;

	if (write(to_thread, &e, sizeof(e)) != sizeof(e))
		return -EIO;
	if (is_asked())
		got = dir == FROM_FILE ? receive(iov, n) : reply(iov, n);
	end = errand_ends();
	return end == (got < 0 ? -EIO : got) ? got : -EPROTO;
}

static ssize_t fuse_dev_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			   off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, fuse_dev_copy);
}

const struct pinner_ops pinner_fuse_dev = {
	.name = "fuse_dev",
	.rule = page_by_page,
	.caller = "fuse_copy_fill(), fs/fuse/dev.c",
	.flags = GUP_FAST | FOLL_GET,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_pages = FUSE_WRITE_PAGES,
	.open = fuse_dev_open,
	.close = fuse_dev_close,
	.io = fuse_dev_io,
};
