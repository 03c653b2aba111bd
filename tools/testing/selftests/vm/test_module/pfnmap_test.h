/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The user API of /dev/pfnmap_test. An open file is a source of memory: PFNMAP_TEST_SETUP sets the
 * memory and the kind of its vmas, mmap(MAP_SHARED) makes such vmas (the offset is that in the
 * memory), pread() and pwrite() reach the memory by a second way. The same file calls GUP on
 * addresses of the caller and holds what was taken.
 */
#ifndef PFNMAP_TEST_H
#define PFNMAP_TEST_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define PFNMAP_TEST_PAGES 1024	/* of a source, or of one GUP call, at most */

enum pfnmap_test_memory {
	PFNMAP_TEST_OWN, /* ordinary pages, the file's own */
	PFNMAP_TEST_RAM, /* the module's parameter ram=START,SIZE: memory that is not System RAM */
	PFNMAP_TEST_BAR, /* the module's parameter bar=START,SIZE */
};

/* VmFlags of the vma. */
#define PFNMAP_TEST_IO		1u
#define PFNMAP_TEST_PFNMAP	2u
#define PFNMAP_TEST_MIXEDMAP	4u

/* How the vma behaves. */
#define PFNMAP_TEST_EAGER	1u	/* mapped whole by mmap, no fault ever */
#define PFNMAP_TEST_LATE	2u	/* VM_IO and VM_PFNMAP are set by the first fault */
#define PFNMAP_TEST_HUGE	4u	/* by the PMD, where the kernel can */
#define PFNMAP_TEST_READONLY	8u	/* cannot be made writable */
#define PFNMAP_TEST_ACCESS	16u	/* has vm_ops->access */

/* Pages of the memory that something is true for. */
#define PFNMAP_TEST_EVEN	1u
#define PFNMAP_TEST_ODD		2u
#define PFNMAP_TEST_ALL		(PFNMAP_TEST_EVEN | PFNMAP_TEST_ODD)

/* The result of the fault handler. */
enum pfnmap_test_fault {
	PFNMAP_TEST_FAULT_OOM,
	PFNMAP_TEST_FAULT_SIGBUS,
	PFNMAP_TEST_FAULT_SIGSEGV,
	PFNMAP_TEST_FAULT_HWPOISON,
	PFNMAP_TEST_FAULT_NOPAGE,	/* and has mapped nothing */
	PFNMAP_TEST_FAULT_RETRY,	/* where the caller allows it, else NOPAGE */
};

#define PFNMAP_TEST_FAILS 16		/* faults that may fail, at most */
#define PFNMAP_TEST_DELAY_MS 10000	/* that a fault may take, at most */

struct pfnmap_test_setup {
	__u32 memory;		/* of enum pfnmap_test_memory */
	__u32 pages;		/* in: of PFNMAP_TEST_OWN; out: all */
	__u32 vma;
	__u32 flags;
	__u32 special;		/* pages with special PTEs */
	__u32 holes;		/* pages that are SIGBUS */
	__u32 fault;		/* of enum pfnmap_test_fault: */
	__u32 fails;		/* result of the first faults, that many */
	__u32 delay_ms;		/* time that each fault takes */
};

struct pfnmap_test_stats {
	__u32 faults;
	__u32 huge_faults;	/* that put a PMD in */
	__u32 opens;		/* vmas that were made */
	__u32 closes;		/* vmas that were closed */
	__u32 held;		/* own pages: references that belong to no PTE */
	__u32 pinned;		/* own pages that are page_maybe_dma_pinned() */
};

enum pfnmap_test_call {
	PFNMAP_TEST_GET,
	PFNMAP_TEST_GET_FAST,
	PFNMAP_TEST_GET_REMOTE,
	PFNMAP_TEST_PIN,
	PFNMAP_TEST_PIN_FAST,
	PFNMAP_TEST_PIN_REMOTE,
	PFNMAP_TEST_PIN_UNLOCKED,
};

#define PFNMAP_TEST_WRITE	1u
#define PFNMAP_TEST_LONGTERM	2u	/* PIN calls only, and not PIN_UNLOCKED (6.1 warns) */
#define PFNMAP_TEST_FORCE	4u
#define PFNMAP_TEST_NO_PAGES	8u	/* pages[] is NULL; GET and GET_REMOTE only */
#define PFNMAP_TEST_STALE 16u /* pages[] is as the last call left it, as in vfio's batches */

/*
 * Calls GUP. The pages taken are held until PFNMAP_TEST_PUT, or until the file is closed. pages[]
 * begins as pointers to a sentinel page: a slot that still has it was not written. With STALE an
 * unwritten slot is one whose content did not change; so the ranges of two such calls must not
 * share pages. PFNMAP_TEST_MOVE can read the page that such a slot points to, but the page is not
 * given back.
 */
struct pfnmap_test_gup {
	__u64 addr;
	__u64 pfns;		/* 0, or where to put the PFN of each page taken, ~0 for none */
	__u32 pages;
	__u32 call;		/* of enum pfnmap_test_call */
	__u32 flags;
	/* out: */
	__u32 written;		/* slots that the call stored to */
	__s64 result;		/* pages or -errno, as GUP returned it */
	__u32 missing;		/* slots below the result that it did not store to */
	__u32 first_missing;
	__u32 strange;		/* slots below the result that do not point to a page */
	__u32 outside;		/* words before and behind pages[] that it stored to */
	__u32 beyond;		/* slots past the result that it stored to */
	__u32 beyond_dax;	/* those with a page of ZONE_DEVICE */
	__s64 dropped;		/* references it gave back through slots that it did not store to */
};

/* Copies bytes between @buf and the pages held for [@addr, +@len), by one call or several. */
struct pfnmap_test_move {
	__u64 addr;
	__u64 buf;
	__u32 len;
	__u32 to_pages;
};

#define PFNMAP_TEST_SETUP	_IOWR('P', 0xe0, struct pfnmap_test_setup)
#define PFNMAP_TEST_STATS	_IOR('P', 0xe1, struct pfnmap_test_stats)
#define PFNMAP_TEST_GUP		_IOWR('P', 0xe2, struct pfnmap_test_gup)
#define PFNMAP_TEST_MOVE	_IOW('P', 0xe3, struct pfnmap_test_move)
#define PFNMAP_TEST_PUT		_IO('P', 0xe4)

#endif
