/* SPDX-License-Identifier: GPL-2.0 */
/* Small files of sysfs, procfs and debugfs, which say one thing. */
#ifndef PFNMAP_ATTRIBUTE_H
#define PFNMAP_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>

/* Reads the file whole into @text, up to @size - 1 bytes; false where it is missing or empty. */
bool attribute_read(const char *path, char *text, size_t size);

/* The same, of its first line, without the end of it. */
bool attribute_line(const char *path, char *text, size_t size);

/* Writes @value in one go; false with errno set where that is not taken whole. */
bool attribute_write(const char *path, const char *value);

/*
 * Opens, with @flags, the first device in @dir of sysfs, "/sys/block/", of whose attributes one is named like
 * @names, "sd*" and what follows, and holds a line like @value. A descriptor, or -errno: ENODEV where there
 * is none.
 */
int attribute_open_device(const char *dir, const char *names, const char *value, int flags);

#endif
