/* SPDX-License-Identifier: GPL-2.0 */
/* ZONE_MOVABLE, as /proc/zoneinfo has it. */
#ifndef PFNMAP_ZONE_H
#define PFNMAP_ZONE_H

#include <stdbool.h>
#include <sys/types.h>

/* Is the page frame @frame in ZONE_MOVABLE? False for 0, which is no frame. */
bool zone_is_movable(unsigned long long frame);

/* Has this machine such a zone? */
bool zone_has_movable(void);

/* May a pin with @flags meet a page in ZONE_MOVABLE, which must leave that zone first? */
bool zone_matters(unsigned int flags);

/*
 * Is @got, of a pin with @flags, what migrate_longterm_unpinnable_folios(), mm/gup.c, returns for a
 * page that cannot leave? Another zone has no memory for it, or another task has a reference.
 */
bool zone_holds_back(unsigned int flags, ssize_t got);

#endif
