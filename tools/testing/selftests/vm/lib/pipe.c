// SPDX-License-Identifier: GPL-2.0
/* Pipes for user pages; see pipe.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "pipe.h"

int pipe_make(struct pinner *p, int ends[2])
{
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return pinner_skip(p, "no pipe: %s", strerror(errno));
	/*
	 * Every page, even a part of one, takes a slot. Two more slots for partial pages at both
	 * ends.
	 */
	if (fcntl(ends[1], F_SETPIPE_SZ, (PIPE_PAGES + 2) * PAGE) >= 0)
		return 0;
	pipe_close(ends);
	return pinner_skip(p, "no pipe of %d pages: sysctl fs.pipe-max-size", PIPE_PAGES);
}

void pipe_close(int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}
