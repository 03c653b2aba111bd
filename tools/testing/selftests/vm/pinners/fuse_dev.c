// SPDX-License-Identifier: GPL-2.0
/*
 * A FUSE server reads requests from /dev/fuse and writes answers to it. The kernel takes the memory
 * of the server page by page (fs/fuse/dev.c, fuse_copy_fill()). Here the test is the server, and a
 * client thread writes to a file the data that goes into the memory, and reads from it the data
 * that comes out of it.
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

/* A job of the client thread: I/O on the file. */
struct job {
	enum direction dir;
	char *data;
	size_t len;
};

static struct fuse fuse;
static pthread_t thread;
static int server_end;		/* a socket: sends jobs, receives their results, bytes or -errno */
static int client_end;		/* the other end of the socket */

static ssize_t run_job(int file, const struct job *j)
{
	ssize_t got = j->dir == FROM_FILE ? pwrite(file, j->data, j->len, 0) :
					    pread(file, j->data, j->len, 0);

	return got < 0 ? -errno : got;
}

/*
 * Runs the jobs. This thread has the file open and closes the device: when the test is killed, the
 * death of the server closes the device. Otherwise this thread, which may wait for an answer, could
 * not die. The first result is that of opening the file.
 */
static void *client_thread(void *unused __maybe_unused)
{
	struct job j;
	ssize_t result;
	int file;

	if (unshare(CLONE_FILES)) {
		close(client_end);
		return NULL;
	}
	close(fuse.device);
	close(server_end);
	file = fuse_open_file(&fuse);
	result = file < 0 ? -errno : 0;
	while (write(client_end, &result, sizeof(result)) == sizeof(result) &&
	       read(client_end, &j, sizeof(j)) == sizeof(j))
		result = run_job(file, &j);
	return NULL;
}

/* Waits for a request from the kernel. False when the client thread has a result instead. */
static bool wait_for_request(void)
{
	struct pollfd fds[] = { { .fd = server_end, .events = POLLIN },
				{ .fd = fuse.device, .events = POLLIN } };

	while (poll(fds, ARRAY_SIZE(fds), -1) < 0 && errno == EINTR)
		;
	return !fds[0].revents;
}

/* Serves all other requests until the job of the client thread is done. Returns its result. */
static ssize_t job_result(void)
{
	ssize_t result;

	while (wait_for_request() && fuse_serve(&fuse))
		;
	return read(server_end, &result, sizeof(result)) == sizeof(result) ? result : -EIO;
}

/* The filesystem ends when the device is closed, the thread when the socket is closed. */
static void fuse_dev_close(struct pinner *p __maybe_unused)
{
	close(fuse.device);
	close(server_end);
	pthread_join(thread, NULL);
}

/* The thread has its own file table once its first result is there. */
static int start_thread(void)
{
	int ends[2], err;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	server_end = ends[0];
	client_end = ends[1];
	err = -pthread_create(&thread, NULL, client_thread, NULL);
	if (err) {
		close(server_end);
		close(client_end);
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
		return pinner_skip(p, "no thread for a FUSE client: %s", strerror(-err));
	}
	err = job_result();
	close(fuse.root);
	close(client_end);
	if (!err)
		return 0;
	fuse_dev_close(p);
	return pinner_skip(p, "FUSE file cannot be opened: %s", strerror(-err));
}

/* Receives a FUSE_WRITE request with its data in the iovecs. Bytes of data, or -errno. */
static ssize_t receive_write(const struct iovec *iov, int n)
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
	/* The kernel requires room for the largest request. */
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

/* Answers a FUSE_READ request with the data of the iovecs. Bytes of data, or -errno. */
static ssize_t answer_read(const struct iovec *iov, int n)
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

/* Server and client must have the same result. */
static ssize_t fuse_dev_copy(struct pinner *p __maybe_unused, enum direction dir,
			     const struct iovec *iov, int n, char *bounce)
{
	const struct job j = { dir, bounce, pinner_length(iov, n) };
	ssize_t got = -EIO, result;

	if (write(server_end, &j, sizeof(j)) != sizeof(j))
		return -EIO;
	if (wait_for_request())
		got = dir == FROM_FILE ? receive_write(iov, n) : answer_read(iov, n);
	result = job_result();
	return result == (got < 0 ? -EIO : got) ? got : -EPROTO;
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
