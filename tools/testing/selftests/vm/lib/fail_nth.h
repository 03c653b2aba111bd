/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Makes an allocation fail at a chosen moment: the kernel fails the n-th allocation of this thread,
 * and no other thread's (Documentation/fault-injection, fail-nth).
 */
#ifndef PFNMAP_FAIL_NTH_H
#define PFNMAP_FAIL_NTH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Makes the kernel fail allocations of all kinds, not only those that cannot wait. 0, or -1 with
 * the reason in @why. fail_nth_end() restores the settings.
 */
int fail_nth_begin(char *why, size_t size);
void fail_nth_end(void);

/* From now on the @n-th allocation fails, counted from 1. */
void fail_nth_arm(unsigned int n);

/* Ends that. True when an allocation has failed. */
bool fail_nth_disarm(void);

#endif
