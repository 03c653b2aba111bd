// SPDX-License-Identifier: GPL-2.0
/* Temporary files; see temporary.h. */
#include <stdio.h>
#include <stdlib.h>

#include "temporary.h"

void temporary_path(char *path, size_t size, const char *name)
{
	const char *dir = getenv("TMPDIR");

	snprintf(path, size, "%s/%s", dir ? dir : "/tmp", name);
}
