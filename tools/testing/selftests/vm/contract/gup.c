// SPDX-License-Identifier: GPL-2.0
/* A model of GUP; see gup.h. */
#include <errno.h>

#include "gup.h"
#include "kernel.h"

/* How outcomes name a kernel function. */
#define IN(function, file) #function "(), " file

static const struct outcome taken = {
	.reason = "ordinary page", .function = IN(__get_user_pages, "mm/gup.c"),
};

static struct outcome refuse(int err, enum step step, const char *reason, const char *function)
{
	return (struct outcome){ .err = err, .step = step, .reason = reason, .function = function };
}

static bool is_cow_mapping(unsigned int vm_flags)
{
	return (vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE;
}

/*
 * remap_pfn_range() in a fault handler sets VM_PFNMAP; check_vma_flags() sees it in the next call.
 */
static unsigned int vm_flags_now(const struct user_page *p)
{
	return p->pfnmap_on_fault && p->touched ? p->vm_flags | VM_PFNMAP : p->vm_flags;
}

static bool writable_file_mapping_allowed(const struct user_page *p, unsigned int flags)
{
	if (!kernel_has(WRITABLE_FILE_MAPPING))
		return true;
	if (!(flags & FOLL_LONGTERM))
		return true;
	return !p->dirty_tracked;
}

struct outcome check_vma_flags(const struct user_page *p, unsigned int flags)
{
	static const char *const where = IN(check_vma_flags, "mm/gup.c");
	unsigned int vm_flags = vm_flags_now(p);

	if (vm_flags & (VM_IO | VM_PFNMAP))
		return refuse(EFAULT, VMA_FLAGS, "the vma is VM_IO or VM_PFNMAP", where);
	if ((flags & FOLL_ANON) && !p->anonymous)
		return refuse(EFAULT, VMA_FLAGS, "FOLL_ANON, and the vma is not anonymous", where);
	if ((flags & FOLL_LONGTERM) && p->fsdax && kernel_has(LONGTERM_DAX_BY_VMA))
		return refuse(EOPNOTSUPP, VMA_FLAGS, "FOLL_LONGTERM of filesystem DAX", where);
	if (p->secretmem)
		return refuse(EFAULT, VMA_FLAGS, "the vma is memfd_secret's", where);
	if (flags & FOLL_WRITE) {
		if (!writable_file_mapping_allowed(p, flags))
			return refuse(EFAULT, VMA_FLAGS, "the file tracks long-term writes",
				      where);
		if (vm_flags & VM_WRITE)
			return taken;
		if (!(flags & FOLL_FORCE))
			return refuse(EFAULT, VMA_FLAGS, "FOLL_WRITE, and no VM_WRITE", where);
		if (!is_cow_mapping(vm_flags))
			return refuse(EFAULT, VMA_FLAGS, "FOLL_FORCE and no COW mapping", where);
		return taken;
	}
	if (vm_flags & VM_READ)
		return taken;
	if (!(flags & FOLL_FORCE))
		return refuse(EFAULT, VMA_FLAGS, "the vma is not VM_READ", where);
	if (!(vm_flags & VM_MAYREAD))
		return refuse(EFAULT, VMA_FLAGS, "FOLL_FORCE to read needs VM_MAYREAD", where);
	return taken;
}

/* A fault that ends in VM_FAULT_SIGBUS is EFAULT; see vm_fault_to_errno(), mm/internal.h. */
static struct outcome faultin_page(const struct user_page *p, unsigned int flags)
{
	static const char *const where = IN(faultin_page, "mm/gup.c");

	if (p->poisoned)
		return refuse(flags & FOLL_HWPOISON ? EHWPOISON : EFAULT, FAULT,
			      "a poisoned page: VM_FAULT_HWPOISON", where);
	if (p->pte == PTE_NONE)
		return refuse(EFAULT, FAULT, "no page for the fault: VM_FAULT_SIGBUS", where);
	if ((flags & FOLL_WRITE) && !p->write_faults)
		return refuse(EFAULT, FAULT, "a write fault fails: VM_FAULT_SIGBUS", where);
	return taken;
}

/* Before 5.18 follow_pfn_pte() returned EFAULT for FOLL_GET. */
static struct outcome follow_pfn_pte(unsigned int flags)
{
	static const char *const where = IN(follow_page_pte, "mm/gup.c");
	struct outcome o = refuse(EEXIST, PTE, "special PTE without a struct page", where);

	if (flags & GUP_NO_PAGES) {
		o = taken;
		o.reason = "special PTE without a struct page: skipped, since pages is NULL";
		o.commit = "1027e4436b6a";
		return o;
	}
	o.commit = "7196040e19ad";
	if (!kernel_has(PFN_PTE_EEXIST) && (flags & FOLL_GET))
		o.err = EFAULT;
	return o;
}

static struct outcome follow_page_pte(const struct user_page *p, unsigned int flags)
{
	static const char *const where = IN(follow_page_pte, "mm/gup.c");

	if ((flags & FOLL_DUMP) && p->pte == PTE_ZERO_PAGE)
		return refuse(EFAULT, PTE, "FOLL_DUMP leaves out the zero page", where);
	if (p->pte == PTE_SPECIAL)
		return follow_pfn_pte(flags);
	if (p->p2pdma && !(flags & (FOLL_PCI_P2PDMA | GUP_NO_PAGES)))
		return refuse(EREMOTEIO, PTE, "a PCI device's memory, and no FOLL_PCI_P2PDMA",
			      IN(try_grab_folio, "mm/gup.c"));
	return taken;
}

/* A core has a hole for memory that was never touched. */
static bool no_page_table(const struct user_page *p, unsigned int flags)
{
	return (flags & FOLL_DUMP) && p->fresh && !p->touched;
}

struct outcome get_user_pages(const struct user_page *p, unsigned int flags)
{
	struct outcome o;

	if (!p->vm_flags)
		return refuse(EFAULT, NO_VMA, "no vma", IN(__get_user_pages, "mm/gup.c"));
	o = check_vma_flags(p, flags);
	if (o.err)
		return o;
	if (no_page_table(p, flags))
		return refuse(EFAULT, PTE, "FOLL_DUMP, and the page was never touched",
			      IN(no_page_table, "mm/gup.c"));
	o = faultin_page(p, flags);
	if (o.err)
		return o;
	return follow_page_pte(p, flags);
}

/*
 * gup_fast_folio_allowed() cannot tell what a page without a mapping is, and leaves it to the slow
 * walk.
 */
static bool gup_fast_folio_allowed(const struct user_page *p, unsigned int flags)
{
	bool longterm_write = (flags & FOLL_LONGTERM) && (flags & FOLL_WRITE);

	if (p->secretmem)
		return false;
	if ((flags & FOLL_LONGTERM) && p->dirty_tracked)
		return false;
	if (!p->no_mapping)
		return true;
	if (kernel_has(FAST_SECRETMEM_FOLIO))
		return false;
	return !(kernel_has(FAST_FOLIO_ALLOWED) && longterm_write);
}

bool gup_fast_pte_range(const struct user_page *p, unsigned int flags)
{
	if (!p->vm_flags || p->pte == PTE_NONE)
		return false;
	/* pte_access_permitted() */
	if (!(p->vm_flags & VM_READ))
		return false;
	if ((flags & FOLL_WRITE) && !((p->vm_flags & VM_WRITE) && p->write_faults))
		return false;
	if (p->pte == PTE_SPECIAL)
		return false;
	/* try_grab_folio_fast() */
	if (p->p2pdma && !(flags & FOLL_PCI_P2PDMA))
		return false;
	/* pte_devmap() */
	if ((flags & FOLL_LONGTERM) && p->fsdax)
		return false;
	return gup_fast_folio_allowed(p, flags);
}

static const struct outcome taken_fast = {
	.reason = "the PTE allows it, and GUP-fast does not look at the vma",
	.function = IN(gup_fast_pte_range, "mm/gup.c"),
};

struct outcome gup(const struct user_page *p, unsigned int flags)
{
	if ((flags & GUP_FAST) && gup_fast_pte_range(p, flags))
		return taken_fast;
	return get_user_pages(p, flags);
}

bool follow_pfnmap_start(const struct user_page *p, unsigned int flags)
{
	if (!(vm_flags_now(p) & (VM_IO | VM_PFNMAP)) && !p->pfnmap_on_fault)
		return false;
	return cpu_access(p, flags);
}

/* VM_IO, VM_PFNMAP and DAX are not migrated. */
bool vma_migratable(const struct user_page *p)
{
	if (p->vm_flags & (VM_IO | VM_PFNMAP))
		return false;
	if (p->pfnmap_on_fault)
		return false;
	return (!p->zone_device || p->p2pdma) && !p->fsdax;
}

/* Without FOLL_GET, follow_page() had no page for pte_devmap(), and EEXIST for pmd_devmap(). */
static int zone_device_errno(const struct user_page *p)
{
	if (kernel_has(MOVE_PAGES_GETS))
		return ENOENT;
	return p->by_pmd ? EEXIST : EFAULT;
}

/*
 * follow_page() returned EFAULT for a PTE without a page. It returned ENOENT for no PTE only where
 * a file could bring the page: no_page_table(), with FOLL_DUMP.
 */
struct outcome folio_walk_start(const struct user_page *p)
{
	static const char *const where = IN(folio_walk_start, "mm/pagewalk.c");
	static const char *const caller = IN(do_pages_stat_array, "mm/migrate.c");
	bool walks = kernel_has(FOLIO_WALK);
	int no_pte = p->pte == PTE_ZERO_PAGE && !walks ? EFAULT : ENOENT;

	if (!p->vm_flags)
		return refuse(EFAULT, NO_VMA, "no vma", caller);
	if (!p->cpu_reaches || !(p->vm_flags & VM_READ))
		return refuse(no_pte, FAULT, "there is no PTE", where);
	if (p->pte == PTE_ZERO_PAGE)
		return refuse(EFAULT, PTE, "the zero page", where);
	if (p->pte == PTE_SPECIAL)
		return refuse(walks ? ENOENT : EFAULT, PTE, "special PTE without a page", where);
	if (p->zone_device || p->fsdax)
		return refuse(zone_device_errno(p), PTE, "a page of ZONE_DEVICE", caller);
	if (p->secretmem && !walks)
		return refuse(ENOENT, PTE, "a page of memfd_secret", IN(follow_page, "mm/gup.c"));
	return taken;
}

bool cpu_access(const struct user_page *p, unsigned int flags)
{
	if (!(p->vm_flags & VM_READ) || !p->cpu_reaches)
		return false;
	return !(flags & FOLL_WRITE) || ((p->vm_flags & VM_WRITE) && p->write_faults);
}
