/* SPDX-License-Identifier: GPL-2.0 */
/* Where files go that are needed for a moment. */
#ifndef PFNMAP_TEMPORARY_H
#define PFNMAP_TEMPORARY_H

#include <stddef.h>

/* Makes @path (of @size bytes) that of @name in TMPDIR, or in /tmp. */
void temporary_path(char *path, size_t size, const char *name);

#endif
