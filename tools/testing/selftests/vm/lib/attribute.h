/* SPDX-License-Identifier: GPL-2.0 */
/* Small files of sysfs, procfs and debugfs, each with one value. */
#ifndef PFNMAP_ATTRIBUTE_H
#define PFNMAP_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>

/* Reads the file whole into @text, up to @size - 1 bytes; false where it is missing or empty. */
bool attribute_read(const char *path, char *text, size_t size);

/* The same for its first line, without the line's end. */
bool attribute_line(const char *path, char *text, size_t size);

/* Writes @value in one call; false with errno set when the kernel does not take it whole. */
bool attribute_write(const char *path, const char *value);

/*
 * Opens, with @flags, the first device in @dir of sysfs, "/sys/block/", that has an attribute named
 * like @names, "sd*" and what follows, with a line like @value. A descriptor, or -errno: ENODEV
 * when there is no such device.
 */
int attribute_open_device(const char *dir, const char *names, const char *value, int flags);

/*
 * Opens the node in @dev, "/dev/", whose name is that of the first path of sysfs like @pattern. A
 * descriptor, or -errno: ENODEV when there is no such path.
 */
int attribute_open_node(const char *pattern, const char *dev, int flags);

#endif
