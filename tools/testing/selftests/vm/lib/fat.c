// SPDX-License-Identifier: GPL-2.0
/* A small filesystem of FAT; see fat.h. */
#define _GNU_SOURCE
#include <endian.h>
#include <linux/msdos_fs.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "compiler.h"
#include "detached.h"
#include "fat.h"

#define SECTOR 512
#define TABLE_SECTORS 8

/* What precedes the clusters. The table has FAT12 entries for 2728, enough for MAX_PAGE. */
struct head {
	union {
		struct fat_boot_sector boot;
		char sector[SECTOR];
	};
	unsigned char table[TABLE_SECTORS * SECTOR];
	struct msdos_dir_entry root[SECTOR / sizeof(struct msdos_dir_entry)];
};

off_t fat_disk_size(off_t bytes)
{
	return sizeof(struct head) + (bytes / FAT_CLUSTER + 2) * FAT_CLUSTER;
}

static void put_le16(__u8 *to, unsigned int value)
{
	to[0] = value;
	to[1] = value >> 8;
}

int fat_format(int fd, off_t size)
{
	struct head head = {};

	memcpy(head.boot.system_id, "pfnmap", 6);
	put_le16(head.boot.sector_size, SECTOR);
	head.boot.sec_per_clus = FAT_CLUSTER / SECTOR;
	head.boot.reserved = htole16(1);
	head.boot.fats = 1;
	put_le16(head.boot.dir_entries, ARRAY_SIZE(head.root));
	head.boot.total_sect = htole32(size / SECTOR);
	head.boot.media = 0xf8;
	head.boot.fat_length = htole16(TABLE_SECTORS);
	memcpy(head.table, "\xf8\xff\xff", 3);
	return pwrite(fd, &head, sizeof(head), 0) == sizeof(head) ? 0 : -1;
}

int fat_open(int disk)
{
	char path[32];
	const struct fs_parameter parameters[] = { { "source", path } };

	snprintf(path, sizeof(path), "/proc/self/fd/%d", disk);
	return detached_make("vfat", parameters, ARRAY_SIZE(parameters));
}
