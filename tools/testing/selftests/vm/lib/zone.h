/* SPDX-License-Identifier: GPL-2.0 */
/* ZONE_MOVABLE, as /proc/zoneinfo has it. */
#ifndef PFNMAP_ZONE_H
#define PFNMAP_ZONE_H

#include <stdbool.h>

/* Is the page frame @frame in ZONE_MOVABLE? False for 0, which is no frame. */
bool zone_is_movable(unsigned long long frame);

/* Has this machine such a zone? */
bool zone_has_movable(void);

#endif
