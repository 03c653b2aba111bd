/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where memory comes from. A mapping is a source of memory under test; it can put a run of its pages
 * at any address and says what it knows about them. It does not know who will pin them.
 */
#ifndef PFNMAP_MAPPING_H
#define PFNMAP_MAPPING_H

#include <stdbool.h>
#include <stddef.h>

#include "../lib/compiler.h"
#include "../contract/gup.h"
#include "../lib/pattern.h"

/* What decides whether the kernel may pin the pages; the rules over it are in contract/. */
struct mapping_props {
	unsigned int vm_flags;	/* enum vm_flag, as VmFlags has them; 0: there is no vma */
	bool reserved;		/* nobody can free its frames: no struct page, or PageReserved */
	bool pfnmap_on_fault;	/* the first fault sets VM_PFNMAP, by remap_pfn_range() */
	bool special;		/* the PTEs have no struct page behind them */
	size_t normal_pages;	/* but those of that many pages from the run's start on do */
	bool secretmem;		/* memfd_secret */
	bool has_access;	/* vm_ops->access gives its bytes, and takes them if it is writable */
	bool anonymous;		/* vma_is_anonymous(): of no file and no driver */
	bool zero_page;		/* anonymous, and never written: reads find the zero page */
	bool fresh;		/* anonymous, and not written before a CPU touches it */
	bool private_reserved;	/* a private mapping of pages that are PageReserved */
	bool file;		/* backed by a file that is neither shmem nor hugetlbfs */
	bool fsdax;		/* a file whose pages are the filesystem's memory */
	bool zone_device;	/* its pages are PageReserved, and can be freed all the same */
	bool no_mapping;	/* its pages belong to no file, whatever the vma says */
	bool dirty_tracked;	/* a shared file whose writes the filesystem wants to know of */
	size_t fault_pages;	/* pages from the run's start on that a fault can fill */
	size_t write_faults;	/* pages from the run's start on that take a write fault */
	size_t cpu_pages;	/* pages from the run's start on that a CPU can reach */
	size_t counted_pages;	/* pages from the run's start on that have a count of their own, no tails */
	size_t compound;	/* pages in the compound page behind each PTE, else 1 */
};

/* What a test may do to the memory, and what it may expect to find in it afterwards. */
enum mapping_manners {
	MAPPING_READ = 1,	/* a CPU may read it: known to be memory, no side effects */
	MAPPING_WRITE = 2,	/* a CPU may write it, and nobody minds */
	MAPPING_STABLE = 4,	/* its bytes stay as they are until someone here writes them */
	MAPPING_KEEPS = 8,	/* its bytes outlive the vma */
};

struct mapping;

struct mapping_ops {
	const char *name;
	bool control;		/* not under test: its verdict is known */
	/* Returns 0, or -1 after mapping_skip(). */
	int (*open)(struct mapping *m);
	/* Puts the first @pages pages of the source at @addr, over what is there; 0 or -errno. */
	int (*place)(struct mapping *m, void *addr, size_t pages);
	/* Takes them away where a mmap over them would not do; may be NULL. */
	void (*unplace)(struct mapping *m, void *addr, size_t pages);
	/* Reads the source's first @pages pages by another way than the mapping; may be NULL. */
	int (*peek)(struct mapping *m, void *buf, size_t pages);
	/* References to the source's pages that are nobody's mapping, -1 unknown; may be NULL. */
	long (*held)(struct mapping *m);
	void (*close)(struct mapping *m);
};

struct mapping {
	const struct mapping_ops *ops;
	struct mapping_props props;
	unsigned int manners;	/* of enum mapping_manners, set by open */
	size_t pages;		/* how many the source has */
	size_t granule;		/* pages come in runs of this; 1 but for vmas that cannot be split */
	int fd;			/* the source's own, as are the next three */
	int fds[3];
	void *home;
	unsigned long long offset;
	char device[16];	/* the PCI device behind it, or "" */
	char vm_flags[96];	/* VmFlags of a placed run, as smaps has them */
	char why[256];		/* why it cannot be had, and how it could */
};

#include "list.h"
#define MAPPING(name) extern const struct mapping_ops mapping_##name;
MAPPINGS(MAPPING)
#undef MAPPING

/* All of them, in the order of the list, ended by NULL. */
extern const struct mapping_ops *const mappings[];

/* The place of @ops in mappings[]. */
size_t mapping_index(const struct mapping_ops *ops);

/*
 * Opens a source and proves it: places a run, reads its VmFlags and fills @m->props. Returns 0, or
 * -1 with the reason in @m->why; then nothing is left open. mapping_close() undoes it.
 */
int mapping_open(struct mapping *m, const struct mapping_ops *ops);
int mapping_place(struct mapping *m, void *addr, size_t pages);
void mapping_unplace(struct mapping *m, void *addr, size_t pages);
void mapping_close(struct mapping *m);

/* True when VmFlags has @flag, "pf". */
bool mapping_has_flag(const struct mapping *m, const char *flag);

/* True when a CPU could reach the memory, and reading it may have side effects. */
bool mapping_must_not_touch(const struct mapping *m);

/*
 * For the sources: places pages of the file @m->fd from @m->offset on, readable and writable and
 * shared, and reads them from the file itself; a mapping's .place and .peek.
 */
int mapping_place_file(struct mapping *m, void *addr, size_t pages);
int mapping_peek_file(struct mapping *m, void *buf, size_t pages);

/* Address space of @size bytes at a multiple of @size, or NULL with errno set; munmap() frees it. */
void *mapping_room(size_t size);

/* For the sources: moves @pages pages of a vma from @from to @to, over what is there; 0 or -errno. */
int mapping_move(void *from, void *to, size_t pages);

/* For the sources: notes why there is nothing to map and how to get it. Returns -1. */
int mapping_skip(struct mapping *m, const char *fmt, ...) __printf(2, 3);

#endif
