/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /proc/PID/environ reads the environment of a process from its memory, at the address that the
 * process has set.
 */
#ifndef PFNMAP_ENVIRON_H
#define PFNMAP_ENVIRON_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Reads [@start, +@len) of this process into @bytes as its environment, then restores the
 * environment. Bytes, or -errno: EINVAL when the kernel does not let the address be set
 * (CONFIG_CHECKPOINT_RESTORE).
 */
ssize_t environ_read(const void *start, size_t len, char *bytes);

#endif
