/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bytes that a test leaves in a device's memory on purpose, to be found outside the kernel: by the
 * host, in the file behind QEMU's ivshmem.
 */
#ifndef PFNMAP_WITNESS_H
#define PFNMAP_WITNESS_H

#include "../mappings/mapping.h"

/*
 * "# left DEVICE PAGE ID BYTES" on stdout says which page of a device's memory holds what, and how
 * large pages are there.
 */
#define WITNESS_SAYS "# left %s %u %#llx %zu\n"
#define WITNESS_READS " left %31s %u %llx %zu"

/*
 * Makes the kernel copy a page of known bytes into the device's memory, and leaves them there. Only
 * devices that are safe to touch. Returns 0, 1 with *@why when it is skipped, -1 with *@why when
 * the bytes did not arrive.
 */
int witness_leave(const struct mapping_ops *ops, const char **why);

#endif
