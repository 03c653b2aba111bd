// SPDX-License-Identifier: GPL-2.0
/* What system calls on a vma must do for its flags; see vma.h. */
#include <errno.h>
#include <sys/mman.h>

#include "../lib/compiler.h"
#include "kernel.h"
#include "vma.h"

/* include/linux/mm.h */
#define VM_SPECIAL (VM_IO | VM_DONTEXPAND | VM_PFNMAP | VM_MIXEDMAP)

/* Special vmas, DAX and memfd_secret are not locked, and that is no error. */
size_t mlock_fixup(const struct mapping_props *m, size_t pages)
{
	if (!m->vm_flags || m->vm_flags & VM_SPECIAL)
		return 0;
	if (m->zone_device || m->fsdax || m->secretmem)
		return 0;
	return pages;
}

/* mlock_fixup() does not look at a vma that became special while it was locked. */
size_t munlock_leaves(const struct mapping_props *m, size_t pages, bool by_mmap)
{
	return m->pfnmap_on_fault || (by_mmap && m->secretmem) ? pages : 0;
}

/* madvise_cold(), madvise_pageout() and madvise_dontneed_free() ask can_madv_lru_vma(). */
static const struct {
	int advice;
	unsigned int refused;	/* with one of these VM_ flags */
} advices[] = {
	{ MADV_COLD, VM_PFNMAP | VM_LOCKED },
	{ MADV_PAGEOUT, VM_PFNMAP | VM_LOCKED },
	{ MADV_DONTNEED, VM_PFNMAP | VM_LOCKED },
	{ MADV_DODUMP, VM_SPECIAL },
};

static unsigned int refused_dofork(void)
{
	return kernel_has(DOFORK_SPECIAL) ? VM_SPECIAL : VM_IO;
}

int madvise_vma_behavior(const struct mapping_props *m, int advice)
{
	size_t i;

	if (!m->vm_flags)
		return ENOMEM;
	for (i = 0; i < ARRAY_SIZE(advices); i++)
		if (advices[i].advice == advice && m->vm_flags & advices[i].refused)
			return EINVAL;
	return advice == MADV_DOFORK && m->vm_flags & refused_dofork() ? EINVAL : 0;
}

int vma_to_resize(const struct mapping_props *m)
{
	return !m->vm_flags || m->vm_flags & (VM_DONTEXPAND | VM_PFNMAP) ? EFAULT : 0;
}

int mremap_dontunmap(const struct mapping_props *m)
{
	if (!m->vm_flags)
		return EFAULT;
	if (!kernel_has(DONTUNMAP_SHARED))
		return m->anonymous ? 0 : EINVAL;
	return m->vm_flags & (VM_DONTEXPAND | VM_PFNMAP) ? EINVAL : 0;
}

int validate_move_areas(const struct mapping_props *m)
{
	const unsigned int access = VM_READ | VM_WRITE;

	if (!m->vm_flags)
		return ENOENT;
	if (m->vm_flags & (VM_IO | VM_PFNMAP | VM_MIXEDMAP) || (m->vm_flags & access) != access)
		return EINVAL;
	return m->anonymous ? 0 : EINVAL;
}

bool walk_page_test(const struct mapping_props *m)
{
	return m->vm_flags && !(m->vm_flags & VM_PFNMAP) && !m->pfnmap_on_fault;
}

size_t gather_numa_stats(const struct mapping_props *m, size_t pages)
{
	if (!walk_page_test(m) || m->reserved || m->private_reserved || m->zero_page || m->fresh)
		return 0;
	return m->special && pages > m->normal_pages ? m->normal_pages : pages;
}

bool dup_mmap(const struct mapping_props *m)
{
	return !(m->vm_flags & VM_DONTCOPY) && m->vm_flags & VM_READ && m->cpu_pages;
}

struct mapping_props mprotect_fixup(const struct mapping_props *m)
{
	struct mapping_props none = *m;

	none.vm_flags &= ~(VM_READ | VM_WRITE | VM_EXEC);
	return none;
}
