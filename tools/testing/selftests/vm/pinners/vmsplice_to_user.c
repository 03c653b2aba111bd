// SPDX-License-Identifier: GPL-2.0
/*
 * vmsplice() from a pipe to memory: no pin, the CPU copies. It stops at the first pipe buffer that
 * it cannot copy whole, so each page of memory has a pipe buffer of its own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "pinner.h"

#define PIPE_PAGES 16	/* PIPE_DEF_BUFFERS, include/linux/pipe_fs_i.h */

static char text[PIPE_PAGES * MAX_PAGE];
static ssize_t copied;

static int to_user_open(struct pinner *p __maybe_unused)
{
	pinner_write_text(text, PIPE_PAGES);
	return 0;
}

/* O_DIRECT keeps the pipe buffers apart. Bytes written, or -errno. */
static ssize_t fill_pipe(int pipe, const struct iovec *iov, int n)
{
	size_t done = 0, at, len;
	int i;

	for (i = 0; i < n; i++) {
		for (at = 0; at < iov[i].iov_len; at += len, done += len) {
			len = PAGE - ((uintptr_t)iov[i].iov_base + at) % PAGE;
			if (len > iov[i].iov_len - at)
				len = iov[i].iov_len - at;
			if (write(pipe, text + done, len) != (ssize_t)len)
				return -errno;
		}
	}
	return done;
}

static ssize_t take_to_user(struct pinner *p __maybe_unused, const struct iovec *iov, int n)
{
	int ends[2];

	if (pipe2(ends, O_DIRECT | O_NONBLOCK | O_CLOEXEC))
		return -errno;
	copied = fill_pipe(ends[1], iov, n);
	if (copied >= 0)
		copied = vmsplice(ends[0], iov, n, 0);
	if (copied < 0)
		copied = -errno;
	close(ends[0]);
	close(ends[1]);
	return copied;
}

static int use_to_user(struct pinner *p __maybe_unused, const struct iovec *iov)
{
	size_t done = 0, len;
	int i;

	for (i = 0; done < (size_t)copied; i++, done += len) {
		len = iov[i].iov_len;
		if (len > copied - done)
			len = copied - done;
		if (memcmp(iov[i].iov_base, text + done, len))
			return -EBADMSG;
	}
	return 0;
}

const struct pinner_ops pinner_vmsplice_to_user = {
	.name = "vmsplice_to_user",
	.rule = cpu_copies,
	.caller = "vmsplice_to_user(), fs/splice.c",
	.flags = FOLL_WRITE,
	.cpu_copies = true,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_pages = PIPE_PAGES,
	.open = to_user_open,
	.take = take_to_user,
	.use = use_to_user,
};
