// SPDX-License-Identifier: GPL-2.0
/* Reads memory as /proc/self/environ; see environ.h, and prctl(2), PR_SET_MM_MAP. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "attribute.h"
#include "compiler.h"
#include "environ.h"

#define FIRST_FIELD 26	/* fields of /proc/self/stat that are addresses, see proc(5) */
#define LAST_FIELD 51
#define FIELD(n) field[(n) - FIRST_FIELD]

/* PR_SET_MM_MAP takes all addresses at once. 0 or -errno. */
static int get_map(struct prctl_mm_map *map)
{
	unsigned long field[LAST_FIELD - FIRST_FIELD + 1];
	char text[1024], *at;
	int i, n;

	if (!attribute_line("/proc/self/stat", text, sizeof(text)))
		return -ENOENT;
	/* The second field is the name, in parentheses, and may have spaces. */
	at = strrchr(text, ')');
	for (i = 2; at && i < FIRST_FIELD; i++)
		at = strchr(at + 1, ' ');
	for (i = 0; at && i < (int)ARRAY_SIZE(field); i++, at += n)
		if (sscanf(at, " %lu%n", &field[i], &n) != 1)
			return -EPROTO;
	if (!at)
		return -EPROTO;
	*map = (struct prctl_mm_map){
		.start_code = FIELD(26), .end_code = FIELD(27), .start_stack = FIELD(28),
		.start_data = FIELD(45), .end_data = FIELD(46), .start_brk = FIELD(47),
		.brk = (uintptr_t)sbrk(0), .arg_start = FIELD(48), .arg_end = FIELD(49),
		.env_start = FIELD(50), .env_end = FIELD(51), .exe_fd = -1,
	};
	return 0;
}

static int set_map(const struct prctl_mm_map *map)
{
	return prctl(PR_SET_MM, PR_SET_MM_MAP, map, sizeof(*map), 0) ? -errno : 0;
}

ssize_t environ_read(const void *start, size_t len, char *bytes)
{
	struct prctl_mm_map ours, moved;
	ssize_t got = -1;
	int fd, err = get_map(&ours);

	if (err)
		return err;
	moved = ours;
	moved.env_start = (uintptr_t)start;
	moved.env_end = moved.env_start + len;
	err = set_map(&moved);
	if (err)
		return err;
	fd = open("/proc/self/environ", O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		got = pread(fd, bytes, len, 0);
	if (got < 0)
		got = -errno;
	close(fd);
	err = set_map(&ours);
	return err ? err : got;
}
