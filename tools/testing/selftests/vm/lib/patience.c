// SPDX-License-Identifier: GPL-2.0
/* Waiting for the kernel's workers; see patience.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "patience.h"

#define PATIENCE_MS 1000
#define PATIENCE_LOST_MS 250
#define PATIENCE_SHORT_MS 100
#define NSEC_PER_MSEC 1000000L
#define NSEC_PER_SEC 1000000000L

/* In milliseconds; the forked tests of a program share it. */
static int *left;

int patience_prepare(void)
{
	left = mmap(NULL, sizeof(*left), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (left == MAP_FAILED)
		return -errno;
	*left = PATIENCE_MS;
	return 0;
}

/* By the system call: the vdso reads vvar, which may be what a test has moved away. */
static void read_clock(struct timespec *now)
{
	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, now);
}

static void begin(struct patience *p, int ms)
{
	read_clock(&p->end);
	p->end.tv_nsec += ms * NSEC_PER_MSEC;
	p->end.tv_sec += p->end.tv_nsec / NSEC_PER_SEC;
	p->end.tv_nsec %= NSEC_PER_SEC;
}

void patience_begin(struct patience *p)
{
	p->is_short = false;
	begin(p, *left);
}

void patience_begin_short(struct patience *p)
{
	p->is_short = true;
	begin(p, PATIENCE_SHORT_MS);
}

bool patience_wait(const struct patience *p)
{
	const struct timespec moment = { .tv_nsec = NSEC_PER_MSEC };
	struct timespec now;

	read_clock(&now);
	if (now.tv_sec > p->end.tv_sec ||
	    (now.tv_sec == p->end.tv_sec && now.tv_nsec > p->end.tv_nsec)) {
		if (!p->is_short)
			*left = PATIENCE_LOST_MS;
		return false;
	}
	nanosleep(&moment, NULL);
	return true;
}
