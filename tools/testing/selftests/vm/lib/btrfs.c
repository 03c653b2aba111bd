// SPDX-License-Identifier: GPL-2.0
/* Files on btrfs to which O_DIRECT is direct; see btrfs.h. */
#include <errno.h>
#include <linux/btrfs.h>
#include <linux/btrfs_tree.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <sys/ioctl.h>

#include "btrfs.h"

#define BLOCK 4096
#define SLOTS 16	/* of a filesystem: data, metadata and system, each in a few profiles */

#define COPIES (BTRFS_BLOCK_GROUP_PROFILE_MASK & ~BTRFS_BLOCK_GROUP_RAID0)

/* Writes of data that has copies or parity go through the page cache, or are bounced. */
static bool has_copies(int fd)
{
	union {
		struct btrfs_ioctl_space_args args;
		char room[sizeof(struct btrfs_ioctl_space_args) +
			  SLOTS * sizeof(struct btrfs_ioctl_space_info)];
	} u = { .args = { .space_slots = SLOTS } };
	unsigned int i;

	if (ioctl(fd, BTRFS_IOC_SPACE_INFO, &u.args))
		return true;
	for (i = 0; i < u.args.total_spaces && i < SLOTS; i++)
		if (u.args.spaces[i].flags & BTRFS_BLOCK_GROUP_DATA &&
		    u.args.spaces[i].flags & COPIES)
			return true;
	return false;
}

/* So do writes of data that has checksums (968f19c5b1b7, 6.15). */
int btrfs_make_direct(int fd)
{
	struct btrfs_ioctl_fs_info_args info = {};
	int flags = FS_NOCOW_FL;

	if (ioctl(fd, BTRFS_IOC_FS_INFO, &info))
		return -1;
	if (info.sectorsize != BLOCK || has_copies(fd)) {
		errno = EOPNOTSUPP;
		return -1;
	}
	return ioctl(fd, FS_IOC_SETFLAGS, &flags);
}
