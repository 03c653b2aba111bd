// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that vmsplice() has put into a pipe go on: into a second pipe, which keeps them when the
 * first one is empty, into a file, and into the packets of a socket.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/loopback.h"
#include "../lib/pipe.h"

static int first[2], second[2];
static struct loopback loopback;

static int file_open(struct pinner *p)
{
	return pipe_make(p, first);
}

static void file_close(struct pinner *p __maybe_unused)
{
	pipe_close(first);
}

static int tee_open(struct pinner *p)
{
	if (pipe_make(p, first))
		return -1;
	if (!pipe_make(p, second))
		return 0;
	pipe_close(first);
	return -1;
}

static void tee_close(struct pinner *p __maybe_unused)
{
	pipe_close(first);
	pipe_close(second);
}

static int socket_open(struct pinner *p)
{
	if (pipe_make(p, first))
		return -1;
	if (!loopback_open(&loopback, AF_INET, SOCK_STREAM))
		return 0;
	pipe_close(first);
	return pinner_skip(p, LOOPBACK_WANTED, strerror(errno));
}

static void socket_close(struct pinner *p __maybe_unused)
{
	pipe_close(first);
	loopback_close(&loopback);
}

/* Bytes put into the first pipe, or -errno. */
static ssize_t fill(const struct iovec *iov, int n)
{
	ssize_t got = vmsplice(first[1], iov, n, 0);

	return got < 0 ? -errno : got;
}

static ssize_t tee_copy(struct pinner *p __maybe_unused, enum direction dir __maybe_unused,
			const struct iovec *iov, int n, char *bounce)
{
	ssize_t len = fill(iov, n), got;

	if (len < 0)
		return len;
	got = tee(first[0], second[1], len, 0);
	if (got < 0)
		got = -errno;
	/* The bytes of the first pipe do not count; its references go. */
	if (read_all(first[0], bounce, len) != len)
		return -EIO;
	memset(bounce, 0, len);
	return got < 0 ? got : read_all(second[0], bounce, got);
}

static ssize_t tee_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
		      off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, tee_copy);
}

static ssize_t socket_copy(struct pinner *p __maybe_unused, enum direction dir __maybe_unused,
			   const struct iovec *iov, int n, char *bounce)
{
	ssize_t len = fill(iov, n), got, done;

	for (done = 0; done < len; done += got) {
		got = splice(first[0], NULL, loopback.from, NULL, len - done, 0);
		if (got <= 0)
			return got ? -errno : -EIO;
	}
	return len < 0 ? len : read_all(loopback.to, bounce, len);
}

static ssize_t socket_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			 off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, socket_copy);
}

static ssize_t file_io(struct pinner *p, enum direction dir __maybe_unused,
		       const struct iovec *iov, int n, off_t at)
{
	ssize_t len = fill(iov, n), got, done;

	for (done = 0; done < len; done += got) {
		got = splice(first[0], NULL, p->scratch->out, &at, len - done, 0);
		if (got <= 0)
			return got ? -errno : -EIO;
	}
	return len;
}

const struct pinner_ops pinner_vmsplice_tee = {
	.name = "vmsplice_tee",
	.rule = short_count,
	.caller = "iter_to_pipe(), fs/splice.c",
	.flags = GUP_FAST | FOLL_GET,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_pages = PIPE_PAGES,
	.one_way = true,
	.open = tee_open,
	.close = tee_close,
	.io = tee_io,
};

const struct pinner_ops pinner_vmsplice_file = {
	.name = "vmsplice_file",
	.rule = short_count,
	.caller = "iter_to_pipe(), fs/splice.c",
	.flags = GUP_FAST | FOLL_GET,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_pages = PIPE_PAGES,
	.one_way = true,
	.open = file_open,
	.close = file_close,
	.io = file_io,
};

const struct pinner_ops pinner_vmsplice_socket = {
	.name = "vmsplice_socket",
	.rule = short_count,
	.caller = "iter_to_pipe(), fs/splice.c",
	.flags = GUP_FAST | FOLL_GET,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_pages = LOOPBACK_PAGES,
	.one_way = true,
	.open = socket_open,
	.close = socket_close,
	.io = socket_io,
};
