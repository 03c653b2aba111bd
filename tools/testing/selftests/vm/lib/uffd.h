/* SPDX-License-Identifier: GPL-2.0 */
/* userfaultfd(), and what its header has only since a newer kernel. */
#ifndef PFNMAP_UFFD_H
#define PFNMAP_UFFD_H

#include <linux/userfaultfd.h>
#include <stddef.h>

#ifndef UFFD_USER_MODE_ONLY	/* 5.11 */
#define UFFD_USER_MODE_ONLY 1
#endif

struct uffd_poison {	/* 6.6 */
	struct uffdio_range range;
	__u64 mode;
	__s64 updated;
};

struct uffd_move {	/* 6.8 */
	__u64 dst, src, len, mode;
	__s64 moved;
};

#define UFFD_MOVE_NR 0x05	/* its bit in what uffd_register() returns */
#define UFFD_MOVE _IOWR(UFFDIO, UFFD_MOVE_NR, struct uffd_move)
#define UFFD_POISON _IOWR(UFFDIO, 0x08, struct uffd_poison)

/* A descriptor with @flags, or -errno; uffd_advice() says what to do about that. */
int uffd_open(int flags);
const char *uffd_advice(int err);

/* Registers memory whose missing pages somebody brings. Returns the bits of its ioctls, or 0. */
unsigned long long uffd_register(int fd, void *addr, size_t size);

#endif
