/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Waits for what the kernel releases later than it returns: workers tear down rings and queues, and
 * no event tells when they have unpinned. A kernel that leaks does so in most tests; after a wait
 * in vain all tests of the program wait less.
 */
#ifndef PFNMAP_PATIENCE_H
#define PFNMAP_PATIENCE_H

#include <stdbool.h>
#include <time.h>

struct patience {
	struct timespec end;	/* of CLOCK_MONOTONIC */
	bool is_short;
};

/* Must be called before any test; 0 or -errno. What it makes stays until the program ends. */
int patience_prepare(void);

void patience_begin(struct patience *p);

/*
 * For who expects to wait in vain, for a known defect, or tries again: a moment only. The other
 * tests of the program keep their patience.
 */
void patience_begin_short(struct patience *p);

/* Waits a moment; false when the time is over, and the wait was in vain. */
bool patience_wait(const struct patience *p);

#endif
