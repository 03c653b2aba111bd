/* SPDX-License-Identifier: GPL-2.0 */
/* A small filesystem of FAT, whose O_DIRECT is fs/direct-io.c's, as of few others that are left. */
#ifndef PFNMAP_FAT_H
#define PFNMAP_FAT_H

#include <sys/types.h>

/* Bytes; more than a page, so that a write can be refused inside of one. Files begin one. */
#define FAT_CLUSTER 32768L

/* Bytes of a disk that has room for @bytes of data in two files. */
off_t fat_disk_size(off_t bytes);

/* Writes an empty one of @size bytes to what will be a disk; 0, or -1 with errno set. */
int fat_format(int fd, off_t size);

/* The one on the block device @disk, mounted nowhere; a descriptor of its root, or -1 with errno set. */
int fat_open(int disk);

#endif
