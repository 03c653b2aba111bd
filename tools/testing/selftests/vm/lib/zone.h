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

/*
 * May @got, of a pin with @flags, come of a page in ZONE_MOVABLE? It must leave that zone for a
 * lasting pin, and cannot without memory elsewhere, or while somebody else has it: -ENOMEM of
 * migrate_longterm_unpinnable_folios(), mm/gup.c. Slow: reads /proc/zoneinfo.
 */
bool zone_holds_back(unsigned int flags, ssize_t got);

#endif
