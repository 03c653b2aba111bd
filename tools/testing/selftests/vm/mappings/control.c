// SPDX-License-Identifier: GPL-2.0
/*
 * The controls: memory whose verdict is known without this suite. Anonymous memory, a huge page and
 * shmem must be pinned; memfd_secret, a hole, a guard, poison and PROT_NONE must be refused, and
 * read-only pages for write.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../lib/compiler.h"
#include "../lib/libc.h"
#include "../lib/pagemap.h"
#include "../lib/patience.h"
#include "../lib/uffd.h"
#include "mapping.h"

#define HUGE_PAGES 512

static int place_anonymous(void *addr, size_t pages, int prot)
{
	if (mmap(addr, pages * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
	    MAP_FAILED)
		return -errno;
	return 0;
}

static int anon_open(struct mapping *m)
{
	m->props.anonymous = m->props.fresh = true;
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE;
	return 0;
}

static int anon_place(struct mapping *m __maybe_unused, void *addr, size_t pages)
{
	return place_anonymous(addr, pages, PROT_READ | PROT_WRITE);
}

/*
 * Does the read fault at @page bring a page of its own? The zero page is mapped by other processes,
 * too.
 */
static bool reads_own_page(const volatile char *page)
{
	(void)*page;
	return pagemap_entry(page, 0) & PAGEMAP_EXCLUSIVE;
}

/* do_anonymous_page() maps the zero page for a read, unless mm_forbids_zeropage() forbids it. */
static bool reads_zero_page(void)
{
	char *page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool own;

	if (page == MAP_FAILED)
		return true;
	own = reads_own_page(page);
	munmap(page, PAGE);
	return !own;
}

/* Pages that are present and may be read: a pin for write must be refused. */
static int readonly_open(struct mapping *m)
{
	m->props.anonymous = m->props.fresh = true;
	m->props.zero_page = reads_zero_page();
	m->access = MAPPING_READ | MAPPING_STABLE;
	return 0;
}

static int readonly_place(struct mapping *m __maybe_unused, void *addr, size_t pages)
{
	return place_anonymous(addr, pages, PROT_READ);
}

/* Runs of one huge page. 0, or -1 after mapping_skip(). */
static int open_huge(struct mapping *m)
{
	if (PMD_PAGES != HUGE_PAGES)
		return mapping_skip(m, "a huge page has %zu pages: the suite has room for %u",
				    PMD_PAGES, HUGE_PAGES);
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE;
	m->pages = m->granule = m->props.compound = HUGE_PAGES;
	return 0;
}

/* One huge page is made and then moved: clearing a new one for each placement takes long. */
static int thp_open(struct mapping *m)
{
	unsigned char resident[HUGE_PAGES];
	size_t size = HUGE_PAGES * PAGE;

	if (open_huge(m))
		return -1;
	m->access |= MAPPING_KEEPS;
	m->props.anonymous = true;
	m->home = mapping_room(size);
	if (!m->home || place_anonymous(m->home, HUGE_PAGES, PROT_READ | PROT_WRITE))
		return mapping_skip(m, "no memory: %s", strerror(errno));
	if (madvise(m->home, size, MADV_HUGEPAGE))
		return mapping_skip(m, "madvise(MADV_HUGEPAGE): %s (CONFIG_TRANSPARENT_HUGEPAGE)",
				    strerror(errno));
	*(volatile char *)m->home = 0;
	if (mincore(m->home, size, resident) || !(resident[HUGE_PAGES - 1] & 1))
		return mapping_skip(m, "no huge page was to be had: echo madvise > %s, or free memory",
				    "/sys/kernel/mm/transparent_hugepage/enabled");
	return 0;
}

static int thp_place(struct mapping *m, void *addr, size_t pages)
{
	return mapping_move(m->home, addr, pages);
}

static void thp_unplace(struct mapping *m, void *addr, size_t pages)
{
	mapping_move(addr, m->home, pages);
}

static void thp_close(struct mapping *m)
{
	if (m->home)
		munmap(m->home, HUGE_PAGES * PAGE);
}

static void *map_hugetlb(void *addr, int fixed)
{
	return mmap(addr, HUGE_PAGES * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | fixed, -1, 0);
}

static int hugetlb_open(struct mapping *m)
{
	void *probe;

	if (open_huge(m))
		return -1;
	probe = map_hugetlb(NULL, 0);
	if (probe == MAP_FAILED)
		return mapping_skip(m, "no hugetlb page: %s: sysctl vm.nr_hugepages=8 (CONFIG_HUGETLBFS)",
				    strerror(errno));
	munmap(probe, HUGE_PAGES * PAGE);
	return 0;
}

/* Few such pages are reserved, and a worker may still have to release the last ones. */
static int hugetlb_place(struct mapping *m __maybe_unused, void *addr,
			 size_t pages __maybe_unused)
{
	struct patience patience;

	patience_begin(&patience);
	while (map_hugetlb(addr, MAP_FIXED) == MAP_FAILED)
		if (errno != ENOMEM || !patience_wait(&patience))
			return -errno;
	return 0;
}

static int shmem_open(struct mapping *m)
{
	m->fd = memfd_create("pfnmap-shmem", MFD_CLOEXEC);
	if (m->fd < 0)
		return mapping_skip(m, "memfd_create: %s (CONFIG_MEMFD_CREATE)", strerror(errno));
	m->pages = HUGE_PAGES;
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE | MAPPING_KEEPS;
	if (ftruncate(m->fd, m->pages * PAGE))
		return mapping_skip(m, "memfd: %s", strerror(errno));
	return 0;
}

static int secretmem_open(struct mapping *m)
{
	m->fd = syscall(SYS_memfd_secret, 0);
	if (m->fd < 0)
		return mapping_skip(m, "memfd_secret: %s (CONFIG_SECRETMEM; before 6.5 boot with "
				       "secretmem.enable=1)", strerror(errno));
	/* A few pages: they are charged to RLIMIT_MEMLOCK. */
	m->pages = 4;
	m->promised = VM_DONTDUMP;
	m->props.secretmem = true;
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE | MAPPING_KEEPS;
	if (ftruncate(m->fd, m->pages * PAGE))
		return mapping_skip(m, "memfd: %s", strerror(errno));
	return 0;
}

static int secretmem_place(struct mapping *m, void *addr, size_t pages)
{
	int err = mapping_place_file(m, addr, pages);

	if (err == -EAGAIN)
		mapping_skip(m, "memfd_secret is charged as locked memory: ulimit -l 64 or more");
	return err;
}

static int nothing_open(struct mapping *m)
{
	m->props.cpu_pages = 0;
	return 0;
}

static int hole_place(struct mapping *m __maybe_unused, void *addr, size_t pages)
{
	return munmap(addr, pages * PAGE) ? -errno : 0;
}

/* No CPU can read it, only a debugger, who finds the zero page. */
static int prot_none_open(struct mapping *m)
{
	m->props.anonymous = m->props.zero_page = true;
	return nothing_open(m);
}

static int prot_none_place(struct mapping *m __maybe_unused, void *addr, size_t pages)
{
	return place_anonymous(addr, pages, PROT_NONE);
}

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

/* A locked vma takes no guards, as every new vma may be (mlockall(MCL_FUTURE)). */
static int guard_place(struct mapping *m __maybe_unused, void *addr, size_t pages)
{
	int err = place_anonymous(addr, pages, PROT_READ | PROT_WRITE);

	if (err)
		return err;
	munlock(addr, pages * PAGE);
	return madvise(addr, pages * PAGE, MADV_GUARD_INSTALL) ? -errno : 0;
}

/* Can @place put its markers somewhere? 0, or -1 after mapping_skip(). */
static int probe_markers(struct mapping *m,
			 int (*place)(struct mapping *m, void *addr, size_t pages),
			 const char *call, const char *since)
{
	void *probe = mapping_room(PAGE);
	int err = probe ? place(m, probe, 1) : -ENOMEM;

	if (probe)
		munmap(probe, PAGE);
	if (!err)
		return 0;
	return mapping_skip(m, "%s: %s%s%s", call, strerror(-err),
			    err == -EINVAL ? ": needs " : "", err == -EINVAL ? since : "");
}

/* PTE markers of an ordinary vma: a fault there is a SIGSEGV (handle_pte_marker(), mm/memory.c). */
static int guard_open(struct mapping *m)
{
	if (probe_markers(m, guard_place, "MADV_GUARD_INSTALL", "6.13"))
		return -1;
	m->props.anonymous = true;
	m->props.fault_pages = 0;
	return nothing_open(m);
}

/* The markers stay when the vma is userfaultfd's no more. */
static int poisoned_place(struct mapping *m, void *addr, size_t pages)
{
	struct uffd_poison poison = { .range = { (uintptr_t)addr, pages * PAGE } };
	int err = place_anonymous(addr, pages, PROT_READ | PROT_WRITE);

	if (err)
		return err;
	/* A new vma may be locked, and have pages (mlockall(MCL_FUTURE)). */
	munlock(addr, pages * PAGE);
	madvise(addr, pages * PAGE, MADV_DONTNEED);
	if (!uffd_register(m->fd, addr, pages * PAGE))
		return -errno;
	err = ioctl(m->fd, UFFD_POISON, &poison) ? -errno : 0;
	ioctl(m->fd, UFFDIO_UNREGISTER, &poison.range);
	return err;
}

/* PTE markers of an ordinary vma: a fault there is what a broken page is, to whoever asks. */
static int poisoned_open(struct mapping *m)
{
	m->fd = uffd_open(UFFD_USER_MODE_ONLY);
	if (m->fd < 0)
		return mapping_skip(m, "userfaultfd: %s (%s)", strerror(-m->fd),
				    uffd_advice(m->fd));
	if (probe_markers(m, poisoned_place, "UFFDIO_POISON", "6.6"))
		return -1;
	m->props.anonymous = m->props.poisoned = true;
	m->props.fault_pages = 0;
	return nothing_open(m);
}

const struct mapping_ops mapping_anon = {
	.name = "anon",
	.what = "anonymous memory",
	.control = true,
	.open = anon_open,
	.place = anon_place,
};

const struct mapping_ops mapping_readonly = {
	.name = "readonly",
	.what = "anonymous memory that is read-only",
	.control = true,
	.open = readonly_open,
	.place = readonly_place,
};

const struct mapping_ops mapping_thp = {
	.name = "thp",
	.what = "anonymous memory, a transparent huge page",
	.control = true,
	.open = thp_open,
	.place = thp_place,
	.unplace = thp_unplace,
	.close = thp_close,
};

/* Not in list.h: without cells. */
const struct mapping_ops mapping_hugetlb = {
	.name = "hugetlb",
	.what = "anonymous memory of hugetlbfs",
	.control = true,
	.open = hugetlb_open,
	.place = hugetlb_place,
};

const struct mapping_ops mapping_shmem = {
	.name = "shmem",
	.what = "shared memory, a memfd",
	.control = true,
	.open = shmem_open,
	.place = mapping_place_file,
	.peek = mapping_peek_file,
};

const struct mapping_ops mapping_secretmem = {
	.name = "secretmem",
	.what = "memfd_secret()",
	.control = true,
	.open = secretmem_open,
	.place = secretmem_place,
	/* Only a mapping can read it: that is the purpose of memfd_secret. */
	.peek = mapping_peek_again,
};

const struct mapping_ops mapping_hole = {
	.name = "hole",
	.what = "nothing: no vma",
	.control = true,
	.open = nothing_open,
	.place = hole_place,
};

const struct mapping_ops mapping_guard = {
	.name = "guard",
	.what = "anonymous memory with guards (MADV_GUARD_INSTALL)",
	.control = true,
	.open = guard_open,
	.place = guard_place,
};

const struct mapping_ops mapping_poisoned = {
	.name = "poisoned",
	.what = "anonymous memory that is poisoned (UFFDIO_POISON)",
	.control = true,
	.open = poisoned_open,
	.place = poisoned_place,
};

const struct mapping_ops mapping_prot_none = {
	.name = "prot_none",
	.what = "anonymous memory with PROT_NONE",
	.control = true,
	.open = prot_none_open,
	.place = prot_none_place,
};
