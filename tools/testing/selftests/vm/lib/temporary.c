// SPDX-License-Identifier: GPL-2.0
/* Temporary files; see temporary.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "temporary.h"

static const char *temporary_dir(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && dir[0] ? dir : "/tmp";
}

void temporary_path(char *path, size_t size, const char *name)
{
	snprintf(path, size, "%s/%s", temporary_dir(), name);
}

int temporary_room(size_t bytes)
{
	int err, fd = open(temporary_dir(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	/* Not every file system has O_TMPFILE. */
	if (fd < 0)
		return errno == EOPNOTSUPP ? 0 : -errno;
	err = posix_fallocate(fd, 0, bytes);
	close(fd);
	return -err;
}
