// SPDX-License-Identifier: GPL-2.0
/* Temporary files; see temporary.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "temporary.h"

void temporary_path(char *path, size_t size, const char *name)
{
	const char *dir = getenv("TMPDIR");

	snprintf(path, size, "%s/%s", dir && dir[0] ? dir : "/tmp", name);
}

int temporary_room(size_t bytes)
{
	char name[32], path[4096];
	int err, fd;

	snprintf(name, sizeof(name), "pfnmap-room-%d", getpid());
	temporary_path(path, sizeof(path), name);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	unlink(path);
	err = posix_fallocate(fd, 0, bytes);
	close(fd);
	return -err;
}
