/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/pagemap, as Documentation/admin-guide/mm/pagemap.rst has it. */
#ifndef PFNMAP_PAGEMAP_H
#define PFNMAP_PAGEMAP_H

#include <stdint.h>

#define PAGEMAP_FRAME ((1ULL << 55) - 1)	/* 0 for a user who may not see it */
#define PAGEMAP_EXCLUSIVE (1ULL << 56)
#define PAGEMAP_PRESENT (1ULL << 63)

/* The entry of @addr in this process, or @unknown. */
uint64_t pagemap_entry(const volatile void *addr, uint64_t unknown);

#endif
