/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Waiting for what the kernel gives back later than it returns: rings and queues are torn down by
 * workers, and no event tells that they have unpinned. A kernel that leaks does so in most tests, so
 * once a wait was in vain all the tests of a program wait less.
 */
#ifndef PFNMAP_PATIENCE_H
#define PFNMAP_PATIENCE_H

#include <stdbool.h>
#include <time.h>

struct patience {
	struct timespec end;	/* of CLOCK_MONOTONIC */
};

/* Before any test: 0 or -errno. What it makes is the program's, to its end. */
int patience_prepare(void);

void patience_begin(struct patience *p);

/* Waits a moment; false when there is no patience left, and the wait was in vain. */
bool patience_wait(const struct patience *p);

#endif
