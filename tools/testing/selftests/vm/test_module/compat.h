/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between kernel versions, and nothing else. */
#ifndef PFNMAP_TEST_COMPAT_H
#define PFNMAP_TEST_COMPAT_H

#include <linux/highmem.h>
#include <linux/huge_mm.h>
#include <linux/mm.h>
#include <linux/version.h>

/* Folios came with 5.16. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 16, 0)
#define is_maybe_pinned(page) page_maybe_dma_pinned(page)
#else
#define is_maybe_pinned(page) folio_maybe_dma_pinned(page_folio(page))
#endif

/* Before 5.11 there is no kmap_local_page(), and under kmap_atomic() no fault could be taken. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
static inline void *map_page(struct page *page)
{
	return page_address(page);
}

static inline void unmap_page(const void *addr)
{
}
#else
static inline void *map_page(struct page *page)
{
	return kmap_local_page(page);
}

static inline void unmap_page(const void *addr)
{
	kunmap_local(addr);
}
#endif

/* pfn_t is gone since 6.17. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#include <linux/pfn_t.h>
#define special_pfn(pfn) __pfn_to_pfn_t(pfn, PFN_DEV)
#else
#define special_pfn(pfn) (pfn)
#endif

/* get_user_pages() and its relatives return no vmas since 6.5. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define without_vmas(gup, ...) gup(__VA_ARGS__, NULL)
#else
#define without_vmas(gup, ...) gup(__VA_ARGS__)
#endif

/* The size of a huge fault is an order since 6.7. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#define HUGE_FAULT_SIZE enum page_entry_size size
#define is_pmd_fault(size) ((size) == PE_SIZE_PMD)
#else
#define HUGE_FAULT_SIZE unsigned int size
#define is_pmd_fault(size) ((size) == PMD_ORDER)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void vm_flags_init(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags = flags;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
static inline void release_fault_lock(struct vm_fault *vmf)
{
	mmap_read_unlock(vmf->vma->vm_mm);
}
#endif

/*
 * What a driver did that called remap_pfn_range() in its fault handler. Since 6.3 that asserts that
 * the mmap_lock is held for write (1c71222e5f23), which it is not. There the two steps are done one
 * by one: the flags, and the PTEs.
 */
static inline vm_fault_t remap_late(struct vm_area_struct *vma, unsigned long pfn)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
	if (remap_pfn_range(vma, vma->vm_start, pfn, vma->vm_end - vma->vm_start,
			    vma->vm_page_prot))
		return VM_FAULT_SIGBUS;
	return VM_FAULT_NOPAGE;
#else
	vm_fault_t ret = VM_FAULT_NOPAGE;
	unsigned long addr;

	vm_flags_init(vma, vma->vm_flags | VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	for (addr = vma->vm_start; addr < vma->vm_end && ret == VM_FAULT_NOPAGE; addr += PAGE_SIZE)
		ret = vmf_insert_pfn(vma, addr, pfn++);
	return ret;
#endif
}

#endif
