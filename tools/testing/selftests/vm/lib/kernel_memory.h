/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that the kernel has for itself: slabs, whole pages, vmalloc(), page tables, stacks. It is
 * what is neither free nor user memory nor a cache that shrinks.
 */
#ifndef PFNMAP_KERNEL_MEMORY_H
#define PFNMAP_KERNEL_MEMORY_H

/*
 * KiB, less what it is when nothing else has any: only differences mean something. LONG_MIN when
 * the counters are not exact: for all but root.
 */
long kernel_memory(void);

#endif
