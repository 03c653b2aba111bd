// SPDX-License-Identifier: GPL-2.0
/* Waiting for the kernel's workers; see patience.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>

#include "patience.h"

#define PATIENCE_MS 1000
#define PATIENCE_LOST_MS 250

/* The forked tests of a program share it. */
static int *patience;

int patience_prepare(void)
{
	patience = mmap(NULL, sizeof(*patience), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (patience == MAP_FAILED)
		return -errno;
	*patience = PATIENCE_MS;
	return 0;
}

int patience_left(void)
{
	return *patience;
}

void patience_was_in_vain(void)
{
	*patience = PATIENCE_LOST_MS;
}
