// SPDX-License-Identifier: GPL-2.0
/* Small files with one value; see attribute.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attribute.h"

bool attribute_read(const char *path, char *text, size_t size)
{
	ssize_t got, len = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	text[0] = '\0';
	if (fd < 0)
		return false;
	while ((got = read(fd, text + len, size - 1 - len)) > 0)
		len += got;
	close(fd);
	text[len] = '\0';
	return len > 0;
}

bool attribute_line(const char *path, char *text, size_t size)
{
	bool read = attribute_read(path, text, size);

	text[strcspn(text, "\n")] = '\0';
	return read;
}

bool attribute_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len = strlen(value);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, value, len) == len;
	close(fd);
	return ok;
}

/* The device that has the attribute @path, by its name, which begins at @name. */
static int open_device(const char *path, const char *name, const char *value, int flags)
{
	char device[64], text[64];
	int fd;

	if (!attribute_line(path, text, sizeof(text)) || fnmatch(value, text, 0))
		return -ENODEV;
	snprintf(device, sizeof(device), "/dev/%.*s", (int)strcspn(name, "/"), name);
	fd = open(device, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int attribute_open_device(const char *dir, const char *names, const char *value, int flags)
{
	char pattern[128];
	int fd = -ENODEV;
	glob_t found;
	size_t i;

	snprintf(pattern, sizeof(pattern), "%s%s", dir, names);
	if (!glob(pattern, 0, NULL, &found))
		for (i = 0; i < found.gl_pathc && fd == -ENODEV; i++)
			fd = open_device(found.gl_pathv[i], found.gl_pathv[i] + strlen(dir), value,
					 flags);
	globfree(&found);
	return fd;
}

int attribute_open_node(const char *pattern, const char *dev, int flags)
{
	char path[128];
	glob_t found;
	int fd;

	if (glob(pattern, 0, NULL, &found))
		return -ENODEV;
	snprintf(path, sizeof(path), "%s%s", dev, strrchr(found.gl_pathv[0], '/') + 1);
	globfree(&found);
	fd = open(path, flags);
	return fd < 0 ? -errno : fd;
}
