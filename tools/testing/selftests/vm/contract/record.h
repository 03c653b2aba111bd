/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a run saw, as lines that the contract can be fed with again on another machine: the kernel,
 * what each mapping is, and the result of each call. tools/testing/check/replay.c reads them.
 *
 *	# kernel 6.12.117 FOLIO_WALK=1
 *	# mapping perf granule=1 vm_flags=0xb file=1 write_faults=1
 *	# page 4096
 *	# result perf direct write P=4096 PP=EFAULT
 */
#ifndef PFNMAP_RECORD_H
#define PFNMAP_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "../mappings/mapping.h"

/* Prints the lines of this kernel, or that of a mapping. */
void record_kernel(void);
void record_mapping(const char *name, size_t granule, const struct mapping_props *m);

/* Reads the facts of a mapping's line, from "granule=" on. False when the text cannot be read. */
bool record_read_mapping(const char *text, size_t *granule, struct mapping_props *m);

/*
 * A result as the lines have it, bytes or -errno: "4096", "EFAULT". Returns @text, which holds
 * @size bytes.
 */
const char *record_result(ssize_t result, char *text, size_t size);

#define RECORD_UNREADABLE (-4096)	/* no errno */

/* Reads such a result; RECORD_UNREADABLE when it is none. */
ssize_t record_read_result(const char *text);

/* Sets the facts of an ordinary mapping: every page can be faulted in. */
void record_default(struct mapping_props *m);

#endif
