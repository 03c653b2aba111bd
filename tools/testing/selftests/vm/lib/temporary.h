/* SPDX-License-Identifier: GPL-2.0 */
/* Temporary files. */
#ifndef PFNMAP_TEMPORARY_H
#define PFNMAP_TEMPORARY_H

#include <stddef.h>

/* Writes the path of @name in TMPDIR, or in /tmp, to @path (of @size bytes). */
void temporary_path(char *path, size_t size, const char *name);

/* Can a file of @bytes be made in TMPDIR? 0 or -errno. */
int temporary_room(size_t bytes);

#endif
