// SPDX-License-Identifier: GPL-2.0
/* The vmas of /dev/pfnmap_test: their flags, and their faults. */
#include <linux/mm.h>
#include <linux/sched/signal.h>

#include "compat.h"
#include "source.h"

static bool is_among(pgoff_t page, u32 which)
{
	return which & (page % 2 ? PFNMAP_TEST_ODD : PFNMAP_TEST_EVEN);
}

static vm_fault_t fail(struct vm_fault *vmf, u32 how)
{
	switch (how) {
	case PFNMAP_TEST_FAULT_OOM:
		return VM_FAULT_OOM;
	case PFNMAP_TEST_FAULT_SIGBUS:
		return VM_FAULT_SIGBUS;
	case PFNMAP_TEST_FAULT_SIGSEGV:
		return VM_FAULT_SIGSEGV;
	case PFNMAP_TEST_FAULT_HWPOISON:
		return VM_FAULT_HWPOISON;
	case PFNMAP_TEST_FAULT_RETRY:
		if (!fault_flag_allow_retry_first(vmf->flags) ||
		    vmf->flags & FAULT_FLAG_RETRY_NOWAIT)
			return VM_FAULT_NOPAGE;
		release_fault_lock(vmf);
		return VM_FAULT_RETRY;
	default:
		return VM_FAULT_NOPAGE;
	}
}

/* As in the bug of 7196040e19ad: the flags of the vma are set on its first fault. */
static vm_fault_t fault_late(struct source *s, struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	vm_fault_t ret;

	mutex_lock(&s->late);
	if (vma->vm_flags & VM_PFNMAP)
		ret = vmf_insert_pfn(vma, vmf->address, s->pfn + vmf->pgoff);
	else
		ret = remap_late(vma, s->pfn + vma->vm_pgoff);
	mutex_unlock(&s->late);
	return ret;
}

static vm_fault_t source_fault(struct vm_fault *vmf)
{
	struct source *s = vmf->vma->vm_file->private_data;
	const struct pfnmap_test_setup *t = &s->setup;
	unsigned long pfn = s->pfn + vmf->pgoff;

	atomic_inc(&s->faults);
	if (t->delay_ms)
		schedule_timeout_killable(msecs_to_jiffies(t->delay_ms));
	if (atomic_add_unless(&s->fails, -1, 0))
		return fail(vmf, t->fault);
	if (vmf->pgoff >= t->pages || is_among(vmf->pgoff, t->holes))
		return VM_FAULT_SIGBUS;
	if (t->flags & PFNMAP_TEST_LATE)
		return fault_late(s, vmf);
	if (t->vma & PFNMAP_TEST_PFNMAP)
		return vmf_insert_pfn(vmf->vma, vmf->address, pfn);
	if (is_among(vmf->pgoff, t->special))
		return vmf_insert_mixed(vmf->vma, vmf->address, special_pfn(pfn));
	vmf->page = pfn_to_page(pfn);
	get_page(vmf->page);
	return 0;
}

static vm_fault_t source_huge_fault(struct vm_fault *vmf, HUGE_FAULT_SIZE)
{
	unsigned long start = vmf->address & PMD_MASK;
	struct vm_area_struct *vma = vmf->vma;
	struct source *s = vma->vm_file->private_data;
	pgoff_t page = vmf->pgoff - ((vmf->address - start) >> PAGE_SHIFT);

	if (!(s->setup.flags & PFNMAP_TEST_HUGE) || !is_pmd_fault(size) ||
	    start < vma->vm_start || start + PMD_SIZE > vma->vm_end ||
	    page % PTRS_PER_PTE || page + PTRS_PER_PTE > s->setup.pages ||
	    (s->pfn + page) % PTRS_PER_PTE)
		return VM_FAULT_FALLBACK;
	atomic_inc(&s->huge_faults);
	return vmf_insert_pfn_pmd(vmf, special_pfn(s->pfn + page), vmf->flags & FAULT_FLAG_WRITE);
}

/* ptrace() and /proc/PID/mem use it for addresses without a page. */
static int source_access(struct vm_area_struct *vma, unsigned long addr, void *buf, int len,
			 int write)
{
	struct source *s = vma->vm_file->private_data;
	unsigned long at = addr - vma->vm_start + (vma->vm_pgoff << PAGE_SHIFT);

	if (at + len > s->setup.pages * PAGE_SIZE || (write && !(vma->vm_flags & VM_WRITE)))
		return -EINVAL;
	if (write)
		memcpy(s->kernel + at, buf, len);
	else
		memcpy(buf, s->kernel + at, len);
	return len;
}

static void source_vma_open(struct vm_area_struct *vma)
{
	struct source *s = vma->vm_file->private_data;

	atomic_inc(&s->opens);
}

static void source_vma_close(struct vm_area_struct *vma)
{
	struct source *s = vma->vm_file->private_data;

	atomic_inc(&s->closes);
}

static const struct vm_operations_struct plain_ops = {
	.open = source_vma_open,
	.close = source_vma_close,
	.fault = source_fault,
	.huge_fault = source_huge_fault,
};

static const struct vm_operations_struct access_ops = {
	.open = source_vma_open,
	.close = source_vma_close,
	.fault = source_fault,
	.huge_fault = source_huge_fault,
	.access = source_access,
};

static unsigned long flags_of(const struct pfnmap_test_setup *t)
{
	return (t->vma & PFNMAP_TEST_IO ? VM_IO : 0) |
	       (t->vma & PFNMAP_TEST_PFNMAP ? VM_PFNMAP : 0) |
	       (t->vma & PFNMAP_TEST_MIXEDMAP ? VM_MIXEDMAP : 0);
}

/* Maps all of it now, without a fault. */
static int populate(struct source *s, struct vm_area_struct *vma)
{
	unsigned long addr, pfn = s->pfn + vma->vm_pgoff;
	pgoff_t page = vma->vm_pgoff;
	vm_fault_t ret;
	int err = 0;

	if (vma->vm_flags & VM_PFNMAP)
		return remap_pfn_range(vma, vma->vm_start, pfn, vma->vm_end - vma->vm_start,
				       vma->vm_page_prot);
	for (addr = vma->vm_start; !err && addr < vma->vm_end; addr += PAGE_SIZE, page++, pfn++) {
		if (is_among(page, s->setup.holes))
			continue;
		if (is_among(page, s->setup.special)) {
			ret = vmf_insert_mixed(vma, addr, special_pfn(pfn));
			err = ret == VM_FAULT_NOPAGE ? 0 : -ENOMEM;
		} else {
			err = vm_insert_page(vma, addr, pfn_to_page(pfn));
		}
	}
	return err;
}

int source_mmap(struct source *s, struct vm_area_struct *vma)
{
	const struct pfnmap_test_setup *t = &s->setup;
	unsigned long flags = vma->vm_flags | flags_of(t);

	if (!(flags & VM_SHARED))
		return -EINVAL;
	if (vma->vm_pgoff > t->pages || vma_pages(vma) > t->pages - vma->vm_pgoff)
		return -EINVAL;
	if (t->flags & PFNMAP_TEST_READONLY) {
		if (flags & VM_WRITE)
			return -EACCES;
		flags &= ~VM_MAYWRITE;
	}
	if (t->memory == PFNMAP_TEST_BAR)
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vm_flags_init(vma, flags);
	vma->vm_ops = t->flags & PFNMAP_TEST_ACCESS ? &access_ops : &plain_ops;
	atomic_inc(&s->opens);
	return t->flags & PFNMAP_TEST_EAGER ? populate(s, vma) : 0;
}
