/* SPDX-License-Identifier: GPL-2.0 */
/* Files on btrfs to which O_DIRECT is direct. */
#ifndef PFNMAP_BTRFS_H
#define PFNMAP_BTRFS_H

/*
 * Makes the empty file @fd one. -1 with errno: EOPNOTSUPP where the filesystem has other blocks
 * than of 4096 bytes, or more than one copy of its data.
 */
int btrfs_make_direct(int fd);

#endif
