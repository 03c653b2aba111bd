/* SPDX-License-Identifier: GPL-2.0 */
/* A process that may not lock as much memory as it likes; see RLIMIT_MEMLOCK. */
#ifndef PFNMAP_LIMITED_H
#define PFNMAP_LIMITED_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Root becomes a user that has no other process, keeps the capabilities except CAP_IPC_LOCK, and
 * may lock @pages pages. False, with errno set, when that cannot be.
 */
bool limited_become_user(size_t pages);

/*
 * For pinners that charge a task with CAP_IPC_LOCK, too: root locks as much as it likes. False when
 * it may not, with the reason in @why; limited_restore() undoes it.
 */
bool limited_raise(char *why, size_t size);
void limited_restore(void);

#endif
