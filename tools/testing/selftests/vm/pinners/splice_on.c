// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that vmsplice() has put into a pipe go on: into a second pipe, which keeps them when the
 * first one is empty, into a file, and into a socket, which takes the pages since 6.5. The socket
 * is not TCP: its sender would keep them until the other end has acknowledged what it read.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/loopback.h"
#include "../lib/pipe.h"

static int first[2], second[2], sockets[2];

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
	if (!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets))
		return 0;
	pipe_close(first);
	return pinner_skip(p, "no pair of sockets: %s (CONFIG_UNIX)", strerror(errno));
}

static void socket_close(struct pinner *p __maybe_unused)
{
	pipe_close(first);
	close(sockets[0]);
	close(sockets[1]);
}

/* Moves @len bytes on, from the first pipe to @fd. Bytes or -errno; nothing stays in the pipe. */
static ssize_t splice_to(int fd, loff_t *at, ssize_t len)
{
	static char sink[MAX_PAGE];
	ssize_t got, done;

	for (done = 0; done < len; done += got) {
		got = splice(first[0], NULL, fd, at, len - done, 0);
		if (got > 0)
			continue;
		got = got ? -errno : -EIO;
		while (read(first[0], sink, sizeof(sink)) > 0)
			;
		return got;
	}
	return len;
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
	ssize_t len = fill(iov, n);

	if (len > 0)
		len = splice_to(sockets[0], NULL, len);
	return len < 0 ? len : read_all(sockets[1], bounce, len);
}

static ssize_t socket_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			 off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, socket_copy);
}

static ssize_t file_io(struct pinner *p, enum direction dir __maybe_unused,
		       const struct iovec *iov, int n, off_t at)
{
	ssize_t len = fill(iov, n);
	loff_t to = at;

	return len > 0 ? splice_to(p->scratch->out, &to, len) : len;
}

const struct pinner_ops pinner_vmsplice_tee = {
	.name = "vmsplice_tee",
	PIPE_VMSPLICE,
	.align = 1,
	.max_pages = PIPE_PAGES,
	.open = tee_open,
	.close = tee_close,
	.io = tee_io,
};

const struct pinner_ops pinner_vmsplice_file = {
	.name = "vmsplice_file",
	PIPE_VMSPLICE,
	.align = 1,
	.max_pages = PIPE_PAGES,
	.open = file_open,
	.close = file_close,
	.io = file_io,
};

const struct pinner_ops pinner_vmsplice_socket = {
	.name = "vmsplice_socket",
	PIPE_VMSPLICE,
	.align = 1,
	.max_pages = LOOPBACK_PAGES,
	.open = socket_open,
	.close = socket_close,
	.io = socket_io,
};
