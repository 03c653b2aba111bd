// SPDX-License-Identifier: GPL-2.0
/* Who counts pins, and when; see turn.h. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>

#include "turn.h"

/* What is counted is locked: it is there wherever a test counts, and nobody else locks it. */
static int counted = -1;

static void lock(int how)
{
	if (counted < 0)
		counted = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);
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
