// SPDX-License-Identifier: GPL-2.0
/* userfaultfd(); see uffd.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "uffd.h"

int uffd_open(int flags)
{
	struct uffdio_api api = { .api = UFFD_API };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | flags), err;

	if (fd < 0)
		return -errno;
	if (!ioctl(fd, UFFDIO_API, &api))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

const char *uffd_advice(int err)
{
	return err == -EPERM ? "sysctl vm.unprivileged_userfaultfd=1, or run as root" :
			       "CONFIG_USERFAULTFD";
}

unsigned long long uffd_register(int fd, void *addr, size_t size)
{
	struct uffdio_register all = {
		.range = { (uintptr_t)addr, size },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	return ioctl(fd, UFFDIO_REGISTER, &all) ? 0 : all.ioctls;
}
