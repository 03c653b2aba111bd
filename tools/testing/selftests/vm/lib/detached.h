/* SPDX-License-Identifier: GPL-2.0 */
/* A filesystem that is mounted nowhere: it ends with its last descriptor. */
#ifndef PFNMAP_DETACHED_H
#define PFNMAP_DETACHED_H

#include <stddef.h>

struct fs_parameter {
	const char *name, *value;
};

/* Makes a filesystem of @type; a descriptor of its root, or -1 with errno set. */
int detached_make(const char *type, const struct fs_parameter *parameters, size_t n);

/* Opens again what @fd refers to, as open() does; -1 with errno set. */
int reopen(int fd, int flags);

#endif
