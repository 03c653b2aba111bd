// SPDX-License-Identifier: GPL-2.0
/* Small files that say one thing; see attribute.h. */
#define _GNU_SOURCE
#include <fcntl.h>
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
