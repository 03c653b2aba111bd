// SPDX-License-Identifier: GPL-2.0
/* The range that a buffer is laid out in; see arena.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arena.h"
#include "patience.h"

#define SALT_GOOD 1
#define HUGE (512 * PAGE)
#define BEFORE HUGE
#define AFTER (2 * HUGE)

static int shared_good = -1;
/*
 * The first arena of a process takes the addresses, so that all forked processes use the same ones.
 */
static char *reserved;

pattern_id arena_good_id(unsigned int i)
{
	return PATTERN_ID(SALT_GOOD, i);
}

/* A memfd whose page i holds arena_good_id(i), or -1. */
static int good_file(unsigned int pages)
{
	int fd = memfd_create("pfnmap-good", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	unsigned int i;
	char *page;

	if (fd < 0 || ftruncate(fd, pages * PAGE))
		return -1;
	page = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		return -1;
	for (i = 0; i < pages; i++)
		pattern_fill(page + i * PAGE, arena_good_id(i), 0, PAGE);
	munmap(page, pages * PAGE);
	return fd;
}

static char *reserve(void)
{
	return mmap(NULL, BEFORE + AFTER + HUGE, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

int arena_prepare(void)
{
	if (shared_good >= 0)
		return 0;
	shared_good = good_file(LAYOUT_PAGES);
	reserved = reserve();
	return shared_good < 0 || reserved == MAP_FAILED ? -errno : 0;
}

int arena_open(struct arena *a)
{
	int err = arena_prepare();

	if (err)
		return err;
	a->base = reserved ? reserved : reserve();
	reserved = NULL;
	if (a->base == MAP_FAILED)
		return -errno;
	a->anchor = (char *)(((uintptr_t)a->base + BEFORE + HUGE - 1) / HUGE * HUGE);
	a->good = good_file(ARENA_GOOD);
	return a->good < 0 ? -errno : 0;
}

static void arena_unmap(struct arena *a)
{
	if (a->base)
		munmap(a->base, BEFORE + AFTER + HUGE);
	a->base = NULL;
}

void arena_close(struct arena *a)
{
	arena_unmap(a);
	close(a->good);
}

void *arena_page(const struct arena *a, const struct buffer *b, unsigned int i)
{
	return a->anchor + (b->first + (long)i) * (long)PAGE;
}

int arena_place_good(struct arena *a, const struct buffer *b)
{
	int fd = b->pages <= ARENA_GOOD ? a->good : shared_good;

	/*
	 * Pages are populated: GUP-fast leaves everything behind a page that is not present to the
	 * slow walk.
	 */
	if (mmap(arena_page(a, b, 0), b->pages * PAGE, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED | MAP_POPULATE, fd, 0) == MAP_FAILED)
		return -errno;
	return 0;
}

int arena_place_tested(struct arena *a, const struct buffer *b, struct mapping *m)
{
	unsigned int i;

	for (i = 0; i < b->pages; i++)
		if (layout_kind(b, i) == HOLE && munmap(arena_page(a, b, i), PAGE))
			return -errno;
	return mapping_place(m, a->anchor, b->run);
}

void arena_remove_tested(struct arena *a, const struct buffer *b, struct mapping *m)
{
	mapping_unplace(m, a->anchor, b->run);
	/* Reserved, not a hole: nothing else of this process may be mapped here. */
	mmap(a->anchor, b->run * PAGE, PROT_NONE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
}

bool arena_file_unreferenced(int file)
{
	struct patience patience;

	patience_begin(&patience);
	/* mm/memfd.c, memfd_wait_for_pins(): each try waits 150 ms. */
	while (fcntl(file, F_ADD_SEALS, F_SEAL_WRITE))
		if (errno != EBUSY || !patience_wait(&patience))
			return false;
	return true;
}

bool arena_unreferenced(struct arena *a)
{
	arena_unmap(a);
	return arena_file_unreferenced(a->good);
}
