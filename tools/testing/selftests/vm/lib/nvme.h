/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A disk of NVMe that tests may overwrite, as its serial number says, with metadata for each block.
 */
#ifndef PFNMAP_NVME_H
#define PFNMAP_NVME_H

#include <stddef.h>
#include <sys/types.h>

#include "../pinners/pinner.h"

#define NVME_BLOCK 512
#define NVME_METADATA 128	/* bytes for each block; the kernel does not support 256 */
#define NVME_TIMEOUT_MS 10000U

enum nvme_opcode { NVME_WRITE = 1, NVME_READ = 2 };

/*
 * Opens a device of the disk, in @dir of sysfs and named like @names, for @p. The descriptor, or -1
 * with the reason in @p->why.
 */
int nvme_open_disk(struct pinner *p, const char *dir, const char *names, int flags);

/* @p cannot use the disk, which answers @err. Returns -1. */
int nvme_skip(struct pinner *p, int err);

/* Moves the first @blocks blocks and their metadata by a passthrough command. 0 or -errno. */
int nvme_move(int disk, enum nvme_opcode opcode, void *data, size_t blocks, void *metadata);

#endif
