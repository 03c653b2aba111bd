// SPDX-License-Identifier: GPL-2.0
/* A filesystem that is mounted nowhere; see detached.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "detached.h"

int detached_make(const char *type, const struct fs_parameter *parameters, size_t n)
{
	int context = syscall(SYS_fsopen, type, FSOPEN_CLOEXEC), root = -1, err = 0;
	size_t i;

	if (context < 0)
		return -1;
	for (i = 0; i < n && !err; i++)
		err = syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, parameters[i].name,
			      parameters[i].value, 0);
	if (!err && !syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		root = syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
	err = errno;
	close(context);
	errno = err;
	return root;
}

int reopen(int fd, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags | O_CLOEXEC);
}
