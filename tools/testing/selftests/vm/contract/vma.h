/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What system calls on a vma must do for its flags, apart from GUP. Each function has the name of
 * the kernel function that it models.
 */
#ifndef PFNMAP_VMA_H
#define PFNMAP_VMA_H

#include <stdbool.h>
#include <stddef.h>

#include "../mappings/mapping.h"

/* mm/mlock.c, mlock_fixup(): the number of @pages pages that VmLck grows by. */
size_t mlock_fixup(const struct mapping_props *m, size_t pages);

/*
 * The number of them that VmLck still has after munlock(). @by_mmap: mmap() locked the pages, after
 * mlockall(MCL_FUTURE).
 */
size_t munlock_leaves(const struct mapping_props *m, size_t pages, bool by_mmap);

/* mm/madvise.c, madvise_vma_behavior(): errno of an advice that is not MADV_POPULATE, or 0. */
int madvise_vma_behavior(const struct mapping_props *m, int advice);

/* mm/mremap.c, vma_to_resize(): errno when the vma shall grow, or 0. */
int vma_to_resize(const struct mapping_props *m);

/* mm/mremap.c, mremap(MREMAP_DONTUNMAP): errno when a second vma shall be made, or 0. */
int mremap_dontunmap(const struct mapping_props *m);

/* mm/userfaultfd.c, validate_move_areas(): errno when UFFDIO_MOVE shall move its pages, or 0. */
int validate_move_areas(const struct mapping_props *m);

/* mm/pagewalk.c, walk_page_test(): does a walk over page tables enter the vma? */
bool walk_page_test(const struct mapping_props *m);

/*
 * fs/proc/task_mmu.c, can_gather_numa_stats(): how many of the first @pages pages, which a CPU has
 * read, numa_maps counts. What is special or reserved is left out, and so is the zero page.
 */
size_t gather_numa_stats(const struct mapping_props *m, size_t pages);

/* kernel/fork.c, dup_mmap(): can a CPU read in a child what it can read here? */
bool dup_mmap(const struct mapping_props *m);

/* mm/mprotect.c, mprotect_fixup(): the mapping after mprotect(PROT_NONE). */
struct mapping_props mprotect_fixup(const struct mapping_props *m);

#endif
