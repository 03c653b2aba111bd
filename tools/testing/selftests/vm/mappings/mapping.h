/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sources of memory under test. A mapping can put a run of its pages at any address, and knows the
 * facts about them that decide the contract. It does not know which pinner will get them.
 */
#ifndef PFNMAP_MAPPING_H
#define PFNMAP_MAPPING_H

#include <stdbool.h>
#include <stddef.h>

#include "../lib/compiler.h"
#include "../contract/gup.h"
#include "../lib/pattern.h"

/* The facts that decide whether the kernel may pin the pages; the rules are in contract/. */
struct mapping_props {
	unsigned int vm_flags;	/* enum vm_flag, as VmFlags has them; 0: there is no vma */
	bool reserved;		/* the pages cannot be freed: no struct page, or PageReserved */
	bool pfnmap_on_fault;	/* the first fault sets VM_PFNMAP, by remap_pfn_range() */
	bool special;		/* the PTEs have no struct page behind them */
	bool by_pmd;		/* a huge fault puts a PMD in, where the kernel lets it */
	size_t normal_pages;	/* except the first ones of a run, that many */
	bool secretmem;		/* memfd_secret */
	bool has_access;	/* vm_ops->access reads and writes its bytes */
	bool anonymous;		/* vma_is_anonymous(): of no file and no driver */
	bool zero_page;		/* anonymous, and never written: a read maps the zero page */
	bool fresh;		/* anonymous, and not written before a CPU touches it */
	bool private_reserved;	/* a private mapping of pages that are PageReserved */
	bool file;		/* of a file that is neither shmem nor hugetlbfs */
	bool fsdax;		/* a file whose pages are the filesystem's memory */
	bool zone_device;	/* its pages are PageReserved, and can be freed all the same */
	bool p2pdma;		/* memory of a PCI device, for DMA by its peers */
	bool no_mapping;	/* its pages have no page->mapping, whatever the vma has */
	bool always_dumped;	/* always_dump_vma(): a core has it, whatever its flags say */
	bool dirty_tracked;	/* a shared file whose filesystem tracks writes */
	bool poisoned;		/* a fault is VM_FAULT_HWPOISON */
	size_t fault_pages;	/* pages from the run's start on that a fault can fill */
	size_t write_faults;	/* pages from the run's start on that take a write fault */
	size_t cpu_pages;	/* pages from the run's start on that a CPU can reach */
	size_t counted_pages;	/* pages from the run's start on that are no tail pages */
	size_t compound;	/* pages in the compound page behind each PTE, else 1 */
};

/* What a test may do to the memory, and what it may expect to find there afterwards. */
enum mapping_access {
	MAPPING_READ = 1,	/* a CPU may read it: memory, without side effects */
	MAPPING_WRITE = 2,	/* a CPU may write it */
	MAPPING_STABLE = 4,	/* its bytes stay as they are until a test writes them */
	MAPPING_KEEPS = 8,	/* its bytes outlive the vma */
};

/* The flags that tell the rest of the kernel how to treat a vma; nobody else sets them. */
#define MAPPING_PROMISES \
	(VM_IO | VM_PFNMAP | VM_MIXEDMAP | VM_DONTCOPY | VM_DONTEXPAND | VM_DONTDUMP)

#define MAPPING_GIANT (1UL << 30)	/* bytes that a PUD maps, with pages of 4 KiB */

/* mm/memory.c, remap_pfn_range() */
#define MAPPING_REMAPPED (VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP)

struct mapping;

struct mapping_ops {
	const char *name;
	const char *what;	/* what it is, in words that a user would search for */
	bool control;		/* not under test: its verdict is known */
	/* Returns 0, or -1 after mapping_skip(). */
	int (*open)(struct mapping *m);
	/*
	 * Puts the first @pages pages of the source at @addr, over what is mapped there; 0 or
	 * -errno.
	 */
	int (*place)(struct mapping *m, void *addr, size_t pages);
	/* Removes them where a mmap over them is not enough; may be NULL. */
	void (*unplace)(struct mapping *m, void *addr, size_t pages);
	/* Reads the source's page @page by a second way, without the mapping; may be NULL. */
	int (*peek)(struct mapping *m, void *buf, size_t page);
	/* References to the source's pages that belong to no mapping, -1 unknown; may be NULL. */
	long (*held)(struct mapping *m);
	void (*close)(struct mapping *m);
};

struct mapping {
	const struct mapping_ops *ops;
	struct mapping_props props;
	unsigned int access;	/* of enum mapping_access, set by open */
	unsigned int promised;	/* of MAPPING_PROMISES: what the vma's maker gives it */
	unsigned int unpromised;	/* of them: what it may give it, of no use there */
	size_t pages;		/* pages that the source has */
	size_t granule;		/* pages of a run; 1 for vmas that can be split */
	int fd;			/* the source's own, like the next three */
	int fds[3];
	void *home;
	unsigned long long offset;
	char device[16];	/* the PCI device behind it, or "" */
	char vm_flags[96];	/* VmFlags of a placed run, as smaps has them */
	char why[256];		/* why it cannot be opened, and what to do */
};

#include "list.h"
#define MAPPING(name) extern const struct mapping_ops mapping_##name;
MAPPINGS(MAPPING)
MAPPING(hugetlb)
MAPPING(vfio_giant)
#undef MAPPING

/* All of them, in the order of the list, ended by NULL. */
extern const struct mapping_ops *const mappings[];

/* The place of @ops in mappings[], where it must be: hugetlb and vfio_giant are not. */
size_t mapping_index(const struct mapping_ops *ops);

/*
 * Opens a source and checks it: places a run, reads its VmFlags and fills @m->props. Returns 0, or
 * -1 with the reason in @m->why; then nothing is left open. mapping_close() undoes it.
 */
int mapping_open(struct mapping *m, const struct mapping_ops *ops);
int mapping_place(struct mapping *m, void *addr, size_t pages);
void mapping_unplace(struct mapping *m, void *addr, size_t pages);
void mapping_close(struct mapping *m);

/* True when VmFlags of the vma at @addr has @flag, "pf". */
bool mapping_vma_has_flag(const void *addr, const char *flag);

/* True when VmFlags has @flag, "pf". */
bool mapping_has_flag(const struct mapping *m, const char *flag);

/* True when a CPU could reach the memory, but reading it may have side effects. */
bool mapping_must_not_touch(const struct mapping *m);

/*
 * For the sources: maps pages of the file @m->fd from @m->offset on, readable, writable and shared,
 * and reads them from the file itself; a mapping's .place and .peek.
 */
int mapping_place_file(struct mapping *m, void *addr, size_t pages);
int mapping_peek_file(struct mapping *m, void *buf, size_t page);

/* For the sources: reads a page by a second mapping, where the file @m->fd cannot be read. */
int mapping_peek_again(struct mapping *m, void *buf, size_t page);

/*
 * Address space of @size bytes at a multiple of @size, or NULL with errno set; munmap() frees it.
 */
void *mapping_room(size_t size);

/*
 * For the sources: moves @pages pages of a vma from @from to @to, over what is mapped there; 0 or
 * -errno.
 */
int mapping_move(void *from, void *to, size_t pages);

/* For the sources: notes why there is nothing to map and what to do. Returns -1. */
int mapping_skip(struct mapping *m, const char *fmt, ...) __printf(2, 3);

#endif
