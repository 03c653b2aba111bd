/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long to wait for what the kernel gives back later than it returns: rings and queues are torn
 * down by workers, and no event tells that they have unpinned. A kernel that leaks does so in most
 * tests, so once that was in vain all the tests of a program wait less.
 */
#ifndef PFNMAP_PATIENCE_H
#define PFNMAP_PATIENCE_H

/* Before any test: 0 or -errno. What it makes is the program's, to its end. */
int patience_prepare(void);

/* In milliseconds. */
int patience_left(void);

void patience_was_in_vain(void);

#endif
