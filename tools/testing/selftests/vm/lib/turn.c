// SPDX-License-Identifier: GPL-2.0
/* Who counts pins, and when; see turn.h. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>

#include "turn.h"

/* What a test counts by is locked: who cannot count need not wait, and nobody else locks it. */
static int counted = -1;

static void lock(int how)
{
	if (counted < 0)
		counted = open("/proc/sys/vm/stat_refresh", O_RDONLY | O_CLOEXEC);
	if (counted < 0 || !flock(counted, how | LOCK_NB))
		return;
	printf("# waiting for a test of another run of the suite, which counts pins\n");
	flock(counted, how);
}

void turn_share(void)
{
	if (counted < 0)
		lock(LOCK_SH);
}

void turn_alone(void)
{
	lock(LOCK_EX);
}
