/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A model of GUP: what the kernel makes of one page of user memory. It is meant to be read beside
 * the kernel: each function has the name of a kernel function, and its checks in the same order.
 * The functions are of mm/gup.c unless a comment names another file. What callers do with the
 * outcomes is in callers.h and beside the pinners.
 */
#ifndef PFNMAP_GUP_H
#define PFNMAP_GUP_H

#include <stdbool.h>

/*
 * Flags of a vma, include/linux/mm.h, as far as VmFlags in smaps shows them. The values are our
 * own.
 */
enum vm_flag {
	VM_READ		= 1 << 0,	/* rd */
	VM_WRITE	= 1 << 1,	/* wr */
	VM_EXEC		= 1 << 2,	/* ex */
	VM_SHARED	= 1 << 3,	/* sh */
	VM_MAYREAD	= 1 << 4,	/* mr */
	VM_MAYWRITE	= 1 << 5,	/* mw */
	VM_PFNMAP	= 1 << 6,	/* pf */
	VM_LOCKED	= 1 << 7,	/* lo */
	VM_IO		= 1 << 8,	/* io */
	VM_DONTCOPY	= 1 << 9,	/* dc */
	VM_DONTEXPAND	= 1 << 10,	/* de */
	VM_DONTDUMP	= 1 << 11,	/* dd */
	VM_MIXEDMAP	= 1 << 12,	/* mm */
};

/*
 * include/linux/mm_types.h; the last two say how GUP is called. Only FOLL_WRITE has the kernel's
 * value, for gup_test.
 */
enum foll_flag {
	FOLL_WRITE	= 1 << 0,
	FOLL_GET	= 1 << 1,
	FOLL_PIN	= 1 << 2,
	FOLL_FORCE	= 1 << 3,
	FOLL_LONGTERM	= 1 << 4,
	FOLL_ANON	= 1 << 5,
	FOLL_DUMP	= 1 << 6,
	FOLL_HWPOISON	= 1 << 7,
	FOLL_PCI_P2PDMA	= 1 << 8,
	GUP_FAST	= 1 << 9,	/* by gup_fast() first */
	GUP_NO_PAGES	= 1 << 10,	/* pages is NULL: a walk that only faults in */
};

/* The PTE of a page after a fault. */
enum pte {
	PTE_NORMAL,		/* a page that vm_normal_page() finds */
	PTE_SPECIAL,		/* pte_special(): no struct page, or none that may be used */
	PTE_ZERO_PAGE,		/* special, but GUP knows the zero page */
	PTE_NONE,		/* no fault can fill it */
};

/* One page of user memory, as GUP meets it. */
struct user_page {
	unsigned int vm_flags;	/* of its vma; 0: there is no vma */
	enum pte pte;
	bool touched;		/* a fault has run before */
	bool write_faults;	/* a write fault succeeds */
	bool pfnmap_on_fault;	/* by remap_pfn_range() in the fault handler */
	bool anonymous;		/* vma_is_anonymous() */
	bool fresh;		/* has no PTE until a fault has run */
	bool secretmem;		/* vma_is_secretmem() */
	bool fsdax;		/* vma_is_fsdax() */
	bool zone_device;	/* folio_is_zone_device() */
	bool dirty_tracked;	/* vma_needs_dirty_tracking(), of a shared file mapping */
	bool no_mapping;	/* folio->mapping is NULL */
	bool has_count;		/* it is no tail page */
	bool cpu_reaches;	/* the PTE lets a CPU reach it */
	bool by_pmd;		/* a huge fault has put a PMD in */
	bool reserved;		/* vfio: is_invalid_reserved_pfn() */
	bool p2pdma;		/* folio_is_pci_p2pdma() */
	bool poisoned;		/* a fault is VM_FAULT_HWPOISON */
};

/* The step that refused a page. Some callers return a different errno for each. */
enum step {
	NOT_REFUSED,
	NO_VMA,
	VMA_FLAGS,		/* check_vma_flags() */
	FAULT,			/* faultin_page() */
	PTE,			/* follow_page_pte() */
};

/* The outcome of one page, and the reason. */
struct outcome {
	int err;		/* errno, or 0: the page is taken */
	enum step step;
	const char *reason;
	const char *function;	/* kernel function and file */
	const char *commit;	/* the commit that introduced it, or NULL */
};

/* GUP of one page, by gup_fast() first where @flags has GUP_FAST. */
struct outcome gup(const struct user_page *p, unsigned int flags);

/* The slow walk alone: get_user_pages(), pin_user_pages(), and the remote ones. */
struct outcome get_user_pages(const struct user_page *p, unsigned int flags);

/*
 * gup_fast() alone, without a slow walk after it: get_user_pages_fast_only(). True when the page is
 * taken.
 */
bool gup_fast_pte_range(const struct user_page *p, unsigned int flags);

/* check_vma_flags(): is the vma allowed? */
struct outcome check_vma_flags(const struct user_page *p, unsigned int flags);

/*
 * mm/memory.c, follow_pfnmap_start(): for callers that fall back on the PFN of a page that GUP
 * refused.
 */
bool follow_pfnmap_start(const struct user_page *p, unsigned int flags);

/*
 * mm/pagewalk.c, folio_walk_start(), and before 6.12 follow_page(): the page that is present
 * without a fault.
 */
struct outcome folio_walk_start(const struct user_page *p);

/* mm/internal.h, vma_migratable(). */
bool vma_migratable(const struct user_page *p);

/*
 * The CPU reads the page, or writes it where @flags has FOLL_WRITE: mm/memory.c, handle_mm_fault().
 */
bool cpu_access(const struct user_page *p, unsigned int flags);

#endif
