// SPDX-License-Identifier: GPL-2.0
/*
 * A cramfs file in the memory of the "mtdram test device": stock code that puts special PTEs into a
 * VM_MIXEDMAP vma, so that GUP meets them without a module. cramfs does so when a vma reaches past
 * what it can map directly (fs/cramfs/inode.c, cramfs_physmem_mmap()).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/blkpg.h>
#include <linux/cramfs_fs.h>
#include <linux/magic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mapping.h"
#include "../lib/temporary.h"

#define DEVICE "mtdram test device"
#define PARTITION "pfnmap-cramfs"
#define SALT_CRAMFS 9
#define FILE_PAGES 4
#define IMAGE_PAGES (1 + FILE_PAGES)	/* cramfs's own data fits into the first page */
#define IMAGE_SIZE (IMAGE_PAGES * PAGE)
#define POINTERS 256			/* offset in the image of the file's block pointers */

static char image[IMAGE_PAGES * MAX_PAGE];

/* One directory with one file "f", whose pages lie uncompressed in the image. */
static void make_image(void)
{
	struct cramfs_super *super = (void *)image;
	struct cramfs_inode *file = (void *)(super + 1);
	uint32_t *pointers = (void *)(image + POINTERS);
	unsigned int i;

	*super = (struct cramfs_super){
		.magic = CRAMFS_MAGIC,
		.size = IMAGE_SIZE,
		.flags = CRAMFS_FLAG_FSID_VERSION_2 | CRAMFS_FLAG_SORTED_DIRS |
			 CRAMFS_FLAG_EXT_BLOCK_POINTERS,
		.fsid = { .blocks = FILE_PAGES, .files = 2 },
		.root = { .mode = S_IFDIR | 0755, .size = sizeof(*file) + 4,
			  .offset = sizeof(*super) / 4 },
	};
	memcpy(super->signature, CRAMFS_SIGNATURE, sizeof(super->signature));
	*file = (struct cramfs_inode){
		.mode = S_IFREG | 0444,
		.size = FILE_PAGES * PAGE,
		.namelen = 1,
		.offset = POINTERS / 4,
	};
	memcpy(file + 1, "f\0\0", 4);
	for (i = 0; i < FILE_PAGES; i++) {
		pointers[i] = ((1 + i) * PAGE >> CRAMFS_BLK_DIRECT_PTR_SHIFT) | CRAMFS_BLK_FLAGS;
		pattern_fill(image + (1 + i) * PAGE, PATTERN_ID(SALT_CRAMFS, i), 0, PAGE);
	}
}

/* The number of the MTD with that name, or -1. */
static int find_mtd(const char *name, unsigned int *size)
{
	char line[256], found[64];
	FILE *mtd = fopen("/proc/mtd", "re");
	int number = -1, n;

	while (mtd && number < 0 && fgets(line, sizeof(line), mtd))
		if (sscanf(line, "mtd%d: %x %*x \"%63[^\"]\"", &n, size, found) == 3 &&
		    !strcmp(found, name))
			number = n;
	if (mtd)
		fclose(mtd);
	return number;
}

static int partition(int device, int op, struct blkpg_partition *p)
{
	struct blkpg_ioctl_arg arg = { .op = op, .datalen = sizeof(*p), .data = p };

	return ioctl(device, BLKPG, &arg);
}

static void remove_partition(int device)
{
	struct blkpg_partition p = {};
	unsigned int size;

	p.pno = find_mtd(PARTITION, &size);
	if (p.pno >= 0)
		partition(device, BLKPG_DEL_PARTITION, &p);
}

/* Mounts the partition as long as its file is open. Returns the file, or -1. */
static int open_file(const char *dir)
{
	char source[16], path[160];
	unsigned int size;
	int fd;

	snprintf(source, sizeof(source), "mtd%d", find_mtd(PARTITION, &size));
	if (mount(source, dir, "cramfs", MS_RDONLY, NULL))
		return -1;
	snprintf(path, sizeof(path), "%s/f", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	umount2(dir, MNT_DETACH);
	return fd;
}

/*
 * The device's memory comes from vmalloc(): tries each place until the image is physically
 * contiguous.
 */
static int open_somewhere(int device, unsigned int size, const char *dir)
{
	struct blkpg_partition p = { .length = IMAGE_SIZE, .devname = PARTITION };
	int fd = -1;

	for (p.start = 0; fd < 0 && p.start + p.length <= size; p.start += PAGE) {
		remove_partition(device);
		if (pwrite(device, image, IMAGE_SIZE, p.start) != (ssize_t)IMAGE_SIZE ||
		    partition(device, BLKPG_ADD_PARTITION, &p))
			return -1;
		fd = open_file(dir);
	}
	return fd;
}

static int open_device(struct mapping *m, unsigned int *size)
{
	int number = find_mtd(DEVICE, size);
	char node[32];

	if (number < 0)
		return mapping_skip(m, "no \"" DEVICE "\" in /proc/mtd: CONFIG_MTD_MTDRAM and "
				       "CONFIG_CRAMFS_MTD");
	snprintf(node, sizeof(node), "/dev/mtd%d", number);
	m->fds[0] = open(node, O_RDWR | O_CLOEXEC);
	if (m->fds[0] < 0)
		return mapping_skip(m, "%s: %s: run as root", node, strerror(errno));
	return 0;
}

static int cramfs_open(struct mapping *m)
{
	char dir[128];
	unsigned int size;

	if (open_device(m, &size))
		return -1;
	temporary_path(dir, sizeof(dir), "pfnmap-XXXXXX");
	if (!mkdtemp(dir))
		return mapping_skip(m, "%s: %s: set TMPDIR", dir, strerror(errno));
	make_image();
	m->fd = open_somewhere(m->fds[0], size, dir);
	if (m->fd < 0)
		mapping_skip(m, "no cramfs on " DEVICE ": %s (CONFIG_CRAMFS_MTD)", strerror(errno));
	rmdir(dir);
	m->pages = FILE_PAGES;
	m->promised = VM_MIXEDMAP;
	m->props.special = m->props.file = true;
	m->access = MAPPING_READ | MAPPING_STABLE | MAPPING_KEEPS;
	return m->fd < 0 ? -1 : 0;
}

/* One page too many makes the vma VM_MIXEDMAP; the rest of it stays so without that page. */
static int cramfs_place(struct mapping *m, void *addr, size_t pages)
{
	size_t size = (FILE_PAGES + 1) * PAGE;
	char *whole = mmap(NULL, size, PROT_READ, MAP_SHARED, m->fd, 0);
	int err;

	if (whole == MAP_FAILED)
		return -errno;
	err = mapping_move(whole, addr, pages);
	if (err)
		munmap(whole, size);
	else
		munmap(whole + pages * PAGE, size - pages * PAGE);
	return err;
}

static void cramfs_close(struct mapping *m)
{
	if (m->fd >= 0)
		close(m->fd);
	m->fd = -1;
	if (m->fds[0] >= 0)
		remove_partition(m->fds[0]);
}

const struct mapping_ops mapping_cramfs = {
	.name = "cramfs",
	.what = "a file of cramfs on an MTD: special PTEs in a VM_MIXEDMAP vma",
	.open = cramfs_open,
	.place = cramfs_place,
	.peek = mapping_peek_file,
	.close = cramfs_close,
};
