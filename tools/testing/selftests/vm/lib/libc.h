/* SPDX-License-Identifier: GPL-2.0 */
/* What new glibc has, for older ones and for musl. */
#ifndef PFNMAP_LIBC_H
#define PFNMAP_LIBC_H

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "compiler.h"

#ifndef MADV_POPULATE_READ	/* Linux 5.14, glibc 2.35 */
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

#ifndef SYS_memfd_secret	/* Linux 5.14, the same on every architecture */
#define SYS_memfd_secret 447
#endif

#ifdef __GLIBC__
#define HAVE_STRERRORNAME_NP __GLIBC_PREREQ(2, 32)
#else
#define HAVE_STRERRORNAME_NP 0
#endif

#if !HAVE_STRERRORNAME_NP
/* The names that the contract and the pinners have. NULL for another errno. */
static inline const char *strerrorname_np(int err)
{
	static const struct {
		int err;
		const char *name;
	} names[] = {
#define NAME(err) { err, #err }
		NAME(EPERM), NAME(ENOENT), NAME(EIO), NAME(EAGAIN), NAME(ENOMEM), NAME(EACCES),
		NAME(EFAULT), NAME(EBUSY), NAME(EEXIST), NAME(ENODEV), NAME(EINVAL), NAME(ENOTTY),
		NAME(ENOSPC), NAME(ENOSYS), NAME(EBADMSG), NAME(EOPNOTSUPP), NAME(ENOBUFS),
		NAME(EREMOTEIO), NAME(EMSGSIZE), NAME(EBADF), NAME(EINTR), NAME(E2BIG),
		NAME(EHWPOISON), NAME(ENFILE), NAME(ENODATA), NAME(EPROTO), NAME(ETIME),
		NAME(ETIMEDOUT),
#undef NAME
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].err == err)
			return names[i].name;
	return NULL;
}
#endif

#endif
