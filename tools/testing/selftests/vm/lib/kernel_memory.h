/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that the kernel has for itself: slabs, whole pages, vmalloc(), page tables, stacks. It is
 * what is neither free nor user memory nor a cache that shrinks.
 */
#ifndef PFNMAP_KERNEL_MEMORY_H
#define PFNMAP_KERNEL_MEMORY_H

/*
 * KiB; only differences mean something. User pages on their way to an LRU list are counted, too, up
 * to 31 for each CPU: only what grows time and again is the kernel's. LONG_MIN when the counters
 * cannot be read: for all but root.
 */
long kernel_memory(void);

#endif
