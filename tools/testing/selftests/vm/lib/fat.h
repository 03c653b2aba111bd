/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small FAT filesystem. Its O_DIRECT is fs/direct-io.c's; few other filesystems still use that.
 */
#ifndef PFNMAP_FAT_H
#define PFNMAP_FAT_H

#include <sys/types.h>

/*
 * Bytes; more than a page, so that a write can be refused inside a cluster. A file begins with a
 * cluster.
 */
#define FAT_CLUSTER 32768L

/* Size in bytes of a disk with room for @bytes of data in two files. */
off_t fat_disk_size(off_t bytes);

/* Writes an empty filesystem of @size bytes to the file of a disk; 0, or -1 with errno set. */
int fat_format(int fd, off_t size);

/* Mounts the block device @disk nowhere; a descriptor of the root, or -1 with errno set. */
int fat_open(int disk);

#endif
