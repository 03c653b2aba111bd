/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/pagemap, as Documentation/admin-guide/mm/pagemap.rst has it. */
#ifndef PFNMAP_PAGEMAP_H
#define PFNMAP_PAGEMAP_H

#include <stddef.h>
#include <stdint.h>

#define PAGEMAP_FRAME ((1ULL << 55) - 1)	/* 0 for a user who may not see it */
#define PAGEMAP_EXCLUSIVE (1ULL << 56)
#define PAGEMAP_SWAPPED (1ULL << 62)
#define PAGEMAP_PRESENT (1ULL << 63)

/* The entry of @addr in this process, or @unknown. */
uint64_t pagemap_entry(const volatile void *addr, uint64_t unknown);

/*
 * The number of pages in the @size bytes from @addr on, of this process, that PAGEMAP_SCAN finds
 * present; -errno where it cannot be asked, before 6.7.
 */
long pagemap_scan_present(const void *addr, size_t size);

#endif
