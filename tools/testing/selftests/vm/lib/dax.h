/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device DAX: memory that a driver maps by its own pages, with entries of the device's alignment.
 * Only devices whose memory was made for tests are touched: memmap= on the command line.
 */
#ifndef PFNMAP_DAX_H
#define PFNMAP_DAX_H

#include <stddef.h>

/*
 * Opens the device whose alignment is @align bytes. Returns the fd and its size in bytes in *@size,
 * or -1 with the reason and what to do in @why.
 */
int dax_open(size_t align, size_t *size, char *why, size_t why_size);

/*
 * Maps the first @align bytes of a device at a multiple of @align, with MAP_POPULATE. Returns the
 * address, or NULL with errno set.
 */
char *dax_populate(int fd, size_t align);

#endif
