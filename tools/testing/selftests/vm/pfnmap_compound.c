// SPDX-License-Identifier: GPL-2.0
/*
 * Ordinary memory whose pages are parts of larger ones, or lie in another order than their
 * addresses: callers join what they think lies side by side (io_check_coalesce_buffer(),
 * bio_iov_iter_get_pages()). The bytes must be the right ones, both ways, at every offset.
 */
#define COMPOUND_PINNERS(PINNER)	\
	IO_URING_PINNERS(PINNER)	\
	DIRECT_IO_PINNERS(PINNER)	\
	SPLICE_PINNERS(PINNER)		\
	PINNER(process_vm)
#define SUITE_USES(PINNER) COMPOUND_PINNERS(PINNER)
#include <linux/memfd.h>
#include <linux/mman.h>

static void make_giant(void);
#define SUITE_PREPARE make_giant
#include "lib/suite.h"
#include "lib/oracle.h"
#include "lib/zone.h"

#define PAGES 8U	/* of the window that is pinned */
#define SECTOR 512U
#define SALT_COMPOUND 23

struct compound;

/* What page i of the window is: page @is[i] of its source, which may be in it twice. */
struct scene {
	const char *what;
	const char *(*build)(struct compound *c);
	unsigned int is[PAGES];
};

struct compound {
	const struct scene *scene;
	struct mapping huge[2];
	unsigned int opened;		/* of those */
	char *room;			/* four huge pages */
	size_t size;			/* bytes of a huge page */
	char *giant;			/* a page of 1 GiB, or NULL */
	char *base;			/* the window */
	char wrong[256];		/* the first wrong result, or "" */
	const char *missing;		/* why it could not be taken: no failure */
};

/* The bytes of the window, and of the file that they went to. */
static char before[PAGES * MAX_PAGE] __aligned(MAX_PAGE);
static char file[PAGES * MAX_PAGE] __aligned(MAX_PAGE);

static const char *place(struct compound *c, char *addr)
{
	struct mapping *m = &c->huge[c->opened];
	int err;

	if (mapping_open(m, &mapping_thp))
		return m->why;
	c->opened++;
	err = mapping_place(m, addr, m->granule);
	return err ? strerror(-err) : NULL;
}

static const char *move(char *from, char *to, size_t pages)
{
	int err = mapping_move(from, to, pages);

	return err ? strerror(-err) : NULL;
}

/* Half of the window is in each of two huge pages side by side, or in reverse. */
static const char *build_border(struct compound *c)
{
	c->base = c->room + c->size - PAGES / 2 * PAGE;
	return place(c, c->room) ?: place(c, c->room + c->size);
}

static const char *build_reversed_border(struct compound *c)
{
	c->base = c->room + c->size - PAGES / 2 * PAGE;
	return place(c, c->room + c->size) ?: place(c, c->room);
}

/* The window begins and ends inside a huge page. */
static const char *build_inside(struct compound *c)
{
	c->base = c->room + 5 * PAGE;
	return place(c, c->room);
}

/* Parts of a huge page, mapped by PTEs, at addresses of another alignment. */
static const char *build_moved(struct compound *c)
{
	c->base = c->room + 2 * c->size + PAGE;
	return place(c, c->room) ?: move(c->room + 4 * PAGE, c->base, PAGES);
}

/* The same, every second page before the one that it follows. */
static const char *build_shuffled(struct compound *c)
{
	const char *why = place(c, c->room);
	unsigned int i;

	c->base = c->room + 2 * c->size;
	for (i = 0; !why && i < PAGES; i++)
		why = move(c->room + i * PAGE, c->base + (i ^ 1) * PAGE, 1);
	return why;
}

/* One page of the huge page has been given up, and is another one when it is written. */
static const char *build_patched(struct compound *c)
{
	const char *why = place(c, c->room);

	c->base = c->room;
	if (!why && madvise(c->base + PAGE, PAGE, MADV_DONTNEED))
		why = strerror(errno);
	return why;
}

/* The start of one huge page, and the start of the next one behind it. */
static const char *build_starts(struct compound *c)
{
	c->base = c->room + c->size - PAGES / 2 * PAGE;
	return place(c, c->room + 2 * c->size) ?: place(c, c->room + c->size) ?:
	       move(c->room + 2 * c->size, c->base, PAGES / 2);
}

/* Pages of a memfd, in the order of the scene. */
static const char *build_repeated(struct compound *c)
{
	int fd = memfd_create("pfnmap-compound", MFD_CLOEXEC);
	unsigned int i;
	bool built = fd >= 0 && !ftruncate(fd, PAGES * PAGE);

	c->base = c->room;
	for (i = 0; built && i < PAGES; i++)
		built = mmap(c->base + i * PAGE, PAGE, PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_FIXED, fd, c->scene->is[i] * PAGE) != MAP_FAILED;
	if (fd >= 0)
		close(fd);
	return built ? NULL : "no memfd can be mapped";
}

/* In one vma: before 6.5 io_uring takes no buffer of two files, and each mmap() has its own. */
static const char *build_hugetlb(struct compound *c)
{
	c->base = c->room + c->size - PAGES / 2 * PAGE;
	if (mmap(c->room, 2 * c->size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_FIXED |
		 __builtin_ctzl(c->size) << MAP_HUGE_SHIFT, -1, 0) == MAP_FAILED)
		return "no huge pages: sysctl vm.nr_hugepages=8 (CONFIG_HUGETLBFS)";
	return NULL;
}

/* One page of 1 GiB, which outlives each test: the kernel takes a second to clear it. */
static int giant = -1;

static void make_giant(void)
{
	giant = memfd_create("pfnmap-giant", MFD_CLOEXEC | MFD_HUGETLB | MFD_HUGE_1GB);
	if (giant >= 0 && ftruncate(giant, MAPPING_GIANT)) {
		close(giant);
		giant = -1;
	}
}

/* The window lies over what would be the border of two pages of 2 MiB. */
static const char *build_giant(struct compound *c)
{
	c->giant = mapping_room(MAPPING_GIANT);
	if (!c->giant)
		return strerror(errno);
	c->base = c->giant + c->size - PAGES / 2 * PAGE;
	if (mmap(c->giant, MAPPING_GIANT, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, giant,
		 0) == MAP_FAILED)
		return "no page of 1 GiB: boot with hugepagesz=1G hugepages=1 (CONFIG_HUGETLBFS)";
	/* A cgroup may have a limit that mmap() does not know. */
	if (madvise(c->base, PAGE, MADV_POPULATE_WRITE) && errno != EINVAL)
		return "no page of 1 GiB for this cgroup: hugetlb.1GB.max";
	return NULL;
}

static void close_compound(struct compound *c)
{
	munmap(c->room, 4 * c->size);
	if (c->giant)
		munmap(c->giant, MAPPING_GIANT);
	while (c->opened)
		mapping_close(&c->huge[--c->opened]);
}

static const char *open_compound(struct compound *c, const struct scene *scene)
{
	const char *why;

	c->scene = scene;
	c->size = LAYOUT_RUN * PAGE;
	c->room = mapping_room(4 * c->size);
	if (!c->room)
		return strerror(errno);
	why = scene->build(c);
	if (why)
		close_compound(c);
	return why;
}

/* Is no page in the window twice? Then what is read into it stays there. */
static bool has_each_page_once(const struct scene *s)
{
	unsigned int i, seen = 0;

	for (i = 0; i < PAGES; i++)
		seen |= 1U << s->is[i];
	return seen == (1U << PAGES) - 1;
}

static void fill(struct compound *c)
{
	static unsigned int number;
	unsigned int i;

	for (i = 0; i < PAGES; i++)
		pattern_fill(c->base + i * PAGE,
			     PATTERN_ID(SALT_COMPOUND, number + c->scene->is[i]), 0, PAGE);
	number += PAGES;
	memcpy(before, c->base, PAGES * PAGE);
}

static void complain(struct compound *c, const char *what, size_t at, size_t len, ssize_t got)
{
	if (!c->wrong[0])
		snprintf(c->wrong, sizeof(c->wrong), "%s: bytes [%zu, %zu) of the window: %s: %zd",
			 c->scene->what, at, at + len, what, got);
}

/* The first byte of the window that differs from @want, or -1. */
static ssize_t differs(const char *seen, const char *want, size_t len)
{
	size_t i = 0;

	if (!memcmp(seen, want, len))
		return -1;
	while (seen[i] == want[i])
		i++;
	return i;
}

/* The file got what the window had, which is unchanged. */
static void check_written(struct compound *c, const struct pinner *p, off_t slot, size_t at,
			  size_t len)
{
	ssize_t wrong;

	if (pread(p->scratch->out, file, len, slot) != (ssize_t)len) {
		complain(c, "the file cannot be read back", at, len, -errno);
		return;
	}
	wrong = differs(file, before + at, len);
	if (wrong >= 0)
		complain(c, "the file has another byte at", at, len, wrong);
	wrong = differs(c->base, before, PAGES * PAGE);
	if (wrong >= 0)
		complain(c, "a write changed the memory at", at, len, wrong);
}

/* The window got what the file has, and nothing beside that. */
static void check_read(struct compound *c, const struct pinner *p, size_t at, size_t len)
{
	ssize_t wrong;

	if (pread(p->scratch->in, file, len, 0) != (ssize_t)len) {
		complain(c, "the file cannot be read", at, len, -errno);
		return;
	}
	memcpy(before + at, file, len);
	wrong = differs(c->base, before, PAGES * PAGE);
	if (wrong >= 0)
		complain(c, "the memory has another byte at", at, len, wrong);
}

static void try_io(struct compound *c, struct pinner *p, size_t at, size_t len)
{
	const struct iovec iov = { c->base + at, len };
	ssize_t got;

	fill(c);
	got = pinner_call(p, TO_FILE, &iov, 1);
	if (got != (ssize_t)len)
		complain(c, "it is not taken", at, len, got);
	else
		check_written(c, p, p->scratch->out_start, at, len);
	if (!pinner_fills(p) || !has_each_page_once(c->scene))
		return;
	got = pinner_call(p, FROM_FILE, &iov, 1);
	if (got != (ssize_t)len)
		complain(c, "it is not filled", at, len, got);
	else
		check_read(c, p, at, len);
}

/* What is held is moved in part. */
static void try_move(struct compound *c, struct pinner *p, size_t at, size_t len)
{
	off_t slot = scratch_short_slot(p->scratch, 0);
	ssize_t got;

	fill(c);
	got = p->ops->move(p, TO_FILE, c->base + at, len, 0, slot);
	if (got != (ssize_t)len)
		complain(c, "what is held cannot be written", at, len, got);
	else
		check_written(c, p, slot, at, len);
	if (p->ops->one_way || !has_each_page_once(c->scene))
		return;
	got = p->ops->move(p, FROM_FILE, c->base + at, len, 0, 0);
	if (got != (ssize_t)len)
		complain(c, "what is held cannot be read into", at, len, got);
	else
		check_read(c, p, at, len);
}

/* Calls @try with parts of the window: whole, from four offsets on, and over each border. */
static void try_parts(struct compound *c, struct pinner *p, size_t step,
		      void (*try)(struct compound *c, struct pinner *p, size_t at, size_t len))
{
	const size_t window = PAGES * PAGE;
	const size_t from[] = { 0, step, PAGE, PAGE + step };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(from); i++)
		try(c, p, from[i], window - from[i]);
	for (i = 1; i < PAGES; i++)
		try(c, p, i * PAGE - step, 2 * step);
}

static void try_held(struct compound *c, struct pinner *p)
{
	const struct iovec whole = { c->base, PAGES * PAGE };
	ssize_t got = p->ops->take(p, &whole, 1);

	if (zone_holds_back(p->ops->flags | (p->mode ? p->mode->flags : 0), got)) {
		c->missing = "no other huge page for one that must leave ZONE_MOVABLE";
		return;
	}
	if (got != (ssize_t)whole.iov_len) {
		complain(c, "it is not taken", 0, whole.iov_len, got);
		return;
	}
	try_parts(c, p, SECTOR, try_move);
	if (p->ops->drop && p->ops->drop(p))
		complain(c, "it is not released", 0, whole.iov_len, 0);
}

/* Each mode of a registration, or I/O. */
static void try_pinner(struct compound *c, struct pinner *p)
{
	if (p->ops->io) {
		try_parts(c, p, pinner_align(p->ops) < SECTOR ? SECTOR : pinner_align(p->ops),
			  try_io);
		return;
	}
	p->mode = p->ops->modes;
	do
		try_held(c, p);
	while (pinner_next_mode(p));
}

/* Returns NULL, or why there is nothing to test with. */
static const char *play(struct compound *c, const struct scene *scene,
			const struct pinner_ops *ops)
{
	static struct pinner p;
	const char *why;

	if (!ops->io && !ops->move)
		return "it takes no page to move its data";
	if (pinner_max_pages(ops) < PAGES)
		return "it has too few pages for a window of eight";
	why = open_compound(c, scene);
	if (why)
		return why;
	if (pinner_open(&p, ops)) {
		why = p.why;
	} else {
		try_pinner(c, &p);
		pinner_close(&p);
	}
	close_compound(c);
	return why ?: c->missing;
}

FIXTURE(compound)
{
	struct compound compound;
	struct oracle before;
};

FIXTURE_VARIANT(compound)
{
	struct scene scene;
};

#define SCENE(name, ...) FIXTURE_VARIANT_ADD(compound, name) { .scene = { __VA_ARGS__ } };
#define IN_ORDER { 0, 1, 2, 3, 4, 5, 6, 7 }

SCENE(border, "the border of two huge pages", build_border, IN_ORDER)
SCENE(reversed_border, "two huge pages, the later one first", build_reversed_border, IN_ORDER)
SCENE(inside, "a part of a huge page", build_inside, IN_ORDER)
SCENE(moved, "a part that was moved", build_moved, IN_ORDER)
SCENE(shuffled, "parts in another order", build_shuffled, IN_ORDER)
SCENE(patched, "a huge page with another page in it", build_patched, IN_ORDER)
SCENE(repeated, "one page again and again", build_repeated, { 0 })
SCENE(in_turn, "two pages in turn", build_repeated, { 0, 1, 0, 1, 0, 1, 0, 1 })
SCENE(reverse, "pages in reverse", build_repeated, { 7, 6, 5, 4, 3, 2, 1, 0 })
SCENE(starts, "the starts of two huge pages", build_starts, IN_ORDER)
SCENE(hugetlb_border, "the border of two pages of hugetlbfs", build_hugetlb, IN_ORDER)
SCENE(giant, "a part of a page of 1 GiB", build_giant, IN_ORDER)

FIXTURE_SETUP(compound) {}

FIXTURE_TEARDOWN(compound) {}

#define PINNER(name)								\
TEST_F(compound, name)								\
{										\
	const char *why;							\
	char what[256];								\
										\
	oracle_begin(&self->before);						\
	why = play(&self->compound, &variant->scene, &pinner_##name);		\
	EXPECT_STREQ("", self->compound.wrong);					\
	EXPECT_TRUE(oracle_balanced(&self->before, what, sizeof(what)))		\
		TH_LOG("%s", what);						\
	oracle_end(&self->before);						\
	if (why)								\
		SUITE_SKIP("%s", why);						\
}
COMPOUND_PINNERS(PINNER)
#undef PINNER

SUITE_MAIN
