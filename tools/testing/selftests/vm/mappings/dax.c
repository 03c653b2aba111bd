// SPDX-License-Identifier: GPL-2.0
/*
 * DAX: memory with struct pages of ZONE_DEVICE, by a device and as a file of a filesystem. It is
 * not PFNMAP, but up to 6.16 GUP meets it in the same code: its PTEs are EEXIST for a walk without
 * pages[] (a00cc7d9dd93, 1027e4436b6a).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../lib/dax.h"
#include "mapping.h"

#define FEW 8		/* pages */
#define HUGE_PAGES 512

static int device_open(struct mapping *m, size_t granule)
{
	size_t size;

	m->fd = dax_open(granule * PAGE, &size, m->why, sizeof(m->why));
	if (m->fd < 0)
		return -1;
	m->pages = size / PAGE;
	m->granule = m->props.compound = granule;
	m->props.file = m->props.zone_device = true;
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE | MAPPING_KEEPS;
	return 0;
}

static int small_open(struct mapping *m)
{
	return device_open(m, 1);
}

static int huge_open(struct mapping *m)
{
	m->props.by_pmd = true;
	return device_open(m, HUGE_PAGES);
}

/* Finds a filesystem that is mounted with dax or dax=always. */
static bool find_dax_mount(char *dir, size_t size)
{
	char line[1024], where[256], options[256];
	FILE *mounts = fopen("/proc/self/mounts", "re");
	bool found = false;

	while (mounts && !found && fgets(line, sizeof(line), mounts)) {
		if (sscanf(line, "%*s %255s %*s %255s", where, options) != 2)
			continue;
		found = strstr(options, "dax") && !strstr(options, "dax=never");
		snprintf(dir, size, "%s", where);
	}
	if (mounts)
		fclose(mounts);
	return found;
}

/* A file without a name; its blocks are allocated before it is mapped. */
static int file_open(struct mapping *m)
{
	static const char zeros[FEW * MAX_PAGE];
	struct statx st;
	char dir[256];

	if (!find_dax_mount(dir, sizeof(dir)))
		return mapping_skip(m, "no filesystem is mounted with dax=always (CONFIG_FS_DAX, and "
				       "memmap=64M!0x30000000 for a pmem disk)");
	m->fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (m->fd < 0)
		return mapping_skip(m, "%s: no file can be made: %s", dir, strerror(errno));
	if (pwrite(m->fd, zeros, FEW * PAGE, 0) != (ssize_t)(FEW * PAGE))
		return mapping_skip(m, "%s: %s", dir, strerror(errno));
	if (syscall(SYS_statx, m->fd, "", AT_EMPTY_PATH, 0, &st) ||
	    !(st.stx_attributes & STATX_ATTR_DAX))
		return mapping_skip(m, "%s: its files are not DAX: mount it with dax=always", dir);
	m->pages = FEW;
	m->props.file = m->props.fsdax = m->props.dirty_tracked = m->props.zone_device = true;
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE | MAPPING_KEEPS;
	return 0;
}

const struct mapping_ops mapping_devdax_4k = {
	.name = "devdax_4k",
	.what = "device DAX with pages of 4 KiB",
	.open = small_open,
	.place = mapping_place_file,
};

const struct mapping_ops mapping_devdax_2m = {
	.name = "devdax_2m",
	.what = "device DAX with pages of 2 MiB",
	.open = huge_open,
	.place = mapping_place_file,
};

const struct mapping_ops mapping_fsdax = {
	.name = "fsdax",
	.what = "a file of ext4 mounted with dax",
	.open = file_open,
	.place = mapping_place_file,
	.peek = mapping_peek_file,
};
