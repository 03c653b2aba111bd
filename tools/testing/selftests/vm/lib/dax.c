// SPDX-License-Identifier: GPL-2.0
/* Device DAX made for tests; see dax.h. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "attribute.h"
#include "dax.h"
#include "../mappings/mapping.h"
#include "reserved.h"

#define DEVICES "/sys/bus/dax/devices"

static unsigned long long number(const char *device, const char *attribute)
{
	char path[300], text[64];

	snprintf(path, sizeof(path), DEVICES "/%s/%s", device, attribute);
	return attribute_read(path, text, sizeof(text)) ? strtoull(text, NULL, 0) : 0;
}

static int say(char *why, size_t size, const char *what, size_t align)
{
	snprintf(why, size, "no device DAX of alignment %#zx for tests (%s): CONFIG_DEV_DAX_HMEM, and "
		 "boot with memmap=8M%%0x20000000-1+0xefffffff", align, what);
	return -1;
}

int dax_open(size_t align, size_t *size, char *why, size_t why_size)
{
	DIR *dir = opendir(DEVICES);
	struct dirent *entry;
	char node[300];
	int fd = -1, err = ENOENT;

	while (dir && fd < 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || number(entry->d_name, "align") != align)
			continue;
		*size = number(entry->d_name, "size");
		if (!reserved_turned(number(entry->d_name, "resource"), *size))
			continue;
		snprintf(node, sizeof(node), "/dev/%s", entry->d_name);
		fd = open(node, O_RDWR | O_CLOEXEC);
		err = errno;
	}
	if (dir)
		closedir(dir);
	return fd < 0 ? say(why, why_size, strerror(err), align) : fd;
}

char *dax_populate(int fd, size_t align)
{
	char *home = mapping_room(align), *dax;

	if (!home)
		return NULL;
	dax = mmap(home, align, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED | MAP_POPULATE, fd,
		   0);
	return dax == MAP_FAILED ? NULL : dax;
}
