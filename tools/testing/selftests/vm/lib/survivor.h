/* SPDX-License-Identifier: GPL-2.0 */
/* A process that outlives this one, also when that is killed, and then undoes what it did. */
#ifndef PFNMAP_SURVIVOR_H
#define PFNMAP_SURVIVOR_H

#include <sys/types.h>

/*
 * Forks it: it calls @undo once this process and all children that it forks from now on are gone,
 * or have closed @life. Its pid, or -1 with errno set.
 */
pid_t survivor_fork(void (*undo)(void), int *life);

#endif
