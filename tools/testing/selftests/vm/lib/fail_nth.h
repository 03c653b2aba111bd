/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that runs out at a chosen moment: the kernel fails the n-th allocation that this thread asks
 * for (Documentation/fault-injection, fail-nth), and nobody else's.
 */
#ifndef PFNMAP_FAIL_NTH_H
#define PFNMAP_FAIL_NTH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Has the kernel fail all kinds of allocations, and not only those that cannot wait. 0, or -1 with the
 * reason in @why. fail_nth_end() puts back what was set before.
 */
int fail_nth_begin(char *why, size_t size);
void fail_nth_end(void);

/* From now on the @n-th one fails, counted from 1. */
void fail_nth_arm(unsigned int n);

/* No more. True when one was failed. */
bool fail_nth_disarm(void);

#endif
