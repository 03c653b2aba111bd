/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /proc/PID/environ reads a process' environment out of its memory, which is where the process says it
 * is: anywhere.
 */
#ifndef PFNMAP_ENVIRON_H
#define PFNMAP_ENVIRON_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Reads [@start, +@len) of our memory into @bytes as our environment, and leaves that where it was. Bytes,
 * or -errno: EINVAL where the kernel lets nobody move it (CONFIG_CHECKPOINT_RESTORE).
 */
ssize_t environ_read(const void *start, size_t len, char *bytes);

#endif
