// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of a memfd that a driver pins by their offsets in the file (memfd_pin_folios(), mm/gup.c),
 * as udmabuf and iommufd do: the right pages, of every kind, kept until they are released, and none
 * kept where it is refused.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>

#include "lib/suite.h"
#include "contract/defect.h"
#include "lib/fail_nth.h"
#include "lib/folios.h"
#include "lib/iommufd.h"
#include "lib/oracle.h"
#include "lib/zone.h"
#include "pinners/pinner.h"

#define SMALL 80U		/* pages of a memfd: more than two batches of the page cache */
#define HUGE_PAGES 2U
#define MANY_HUGE 31U	/* 62 MiB on x86 */
#define MOST_BYTES (64UL << 20)	/* udmabuf.size_limit_mb */
#define MOST_FAILURES 1000U	/* of allocations of one call, more than there are */
#define NO_HUGETLB "no hugetlb page: sysctl vm.nr_hugepages=8 (CONFIG_HUGETLBFS)"
#define NO_HUGE_SHMEM "no huge pages for a memfd: " \
	"echo advise > /sys/kernel/mm/transparent_hugepage/shmem_enabled " \
	"(CONFIG_TRANSPARENT_HUGEPAGE)"
#define SALT_FILE 37
#define SALT_DRIVER 41
#define SALT_LATER 43

/* How the pages of a memfd come to be. */
struct kind {
	unsigned int flags;	/* of memfd_create() */
	unsigned int step;	/* between pages that are written one after the other, so that */
				/* neighbours in the file are none in memory */
	bool holes;		/* every second page is not there yet */
	bool huge;		/* in huge pages, where the kernel gives them */
};

static const struct kind in_order = { .step = 1 };
static const struct kind shuffled = { .step = 7 };
static const struct kind with_holes = { .step = 1, .holes = true };
static const struct kind thp = { .step = 1, .huge = true };
static const struct kind hugetlb = { .flags = MFD_HUGETLB, .step = 1, .huge = true };

/* A part of a memfd, in pages; @first counts from the middle where @middle is set. */
struct window {
	size_t first, pages;
	bool middle;
};

/* Whole, its ends, over the border of two huge pages, a part inside of one. */
static const struct window windows[] = {
	{ 0, SIZE_MAX, false },
	{ 0, 1, false },
	{ 3, 33, false },
	{ -1, 2, true },
	{ 1, 2, true },
};

static char page[MAX_PAGE] __aligned(MAX_PAGE);

FIXTURE(memfd)
{
	struct folios folios;
	struct oracle before;
	int fd;
	size_t pages;
	const char *why;
};

FIXTURE_VARIANT(memfd)
{
	const struct folio_driver *driver;
	const struct kind *kind;
};

#define KINDS(KIND, driver)	\
	KIND(driver, in_order)	\
	KIND(driver, shuffled)	\
	KIND(driver, with_holes)	\
	KIND(driver, thp)	\
	KIND(driver, hugetlb)
#define KIND(name, of) FIXTURE_VARIANT_ADD(memfd, name##_##of) { &folios_##name, &of };
KINDS(KIND, udmabuf)
KINDS(KIND, iommufd)
#undef KIND

static bool is_hole(const struct kind *k, size_t i)
{
	return k->holes && i % 2;
}

static pattern_id id_of(const struct kind *k, size_t i)
{
	return is_hole(k, i) ? PATTERN_ZERO : PATTERN_ID(SALT_FILE, i);
}

/* Writes each page that is no hole. hugetlbfs can only be written by a mapping. */
static bool write_pages(int fd, const struct kind *k, size_t pages, unsigned int salt)
{
	char *at = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	size_t i, from;

	if (at == MAP_FAILED)
		return false;
	if (k->huge)
		madvise(at, pages * PAGE, MADV_HUGEPAGE);
	for (from = 0; from < k->step; from++)
		for (i = from; i < pages; i += k->step)
			if (!is_hole(k, i))
				pattern_fill(at + i * PAGE, PATTERN_ID(salt, i), 0, PAGE);
	return !munmap(at, pages * PAGE);
}

/* Does a new file begin with a huge page? */
static bool begins_huge(int fd)
{
	const size_t size = PMD_PAGES * PAGE;
	static unsigned char resident[MAX_PAGE / sizeof(uint64_t)];
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	bool huge;

	if (at == MAP_FAILED)
		return false;
	madvise(at, size, MADV_HUGEPAGE);
	*(volatile char *)at = 0;
	huge = !mincore(at, size, resident) && resident[PMD_PAGES - 1] & 1;
	munmap(at, size);
	return huge;
}

/* Makes the memfd anew: a page that was sealed or punched stays so. NULL, or why not. */
static const char *make_memfd(int *fd, const struct kind *k, size_t pages)
{
	if (*fd >= 0)
		close(*fd);
	*fd = udmabuf_memfd(pages * PAGE, k->flags);
	if (*fd < 0)
		return k->flags & MFD_HUGETLB ? NO_HUGETLB : "no memfd (CONFIG_MEMFD_CREATE)";
	if (k->huge && !begins_huge(*fd))
		return k->flags & MFD_HUGETLB ? NO_HUGETLB : NO_HUGE_SHMEM;
	return write_pages(*fd, k, pages, SALT_FILE) ? NULL : strerror(errno);
}

static size_t pages_of(const struct kind *k)
{
	return k->huge ? HUGE_PAGES * PMD_PAGES : SMALL;
}

/* Why @driver cannot hold that kind of memory on this kernel or for this user, or NULL. */
static const char *unfit(const struct folio_driver *driver, const struct kind *k)
{
	if (driver == &folios_udmabuf && k->flags & MFD_HUGETLB && !kernel_has(MEMFD_PINNED))
		return "udmabuf takes hugetlb by memfd_pin_folios(): needs 6.11";
	if (driver->charged && pinner_memlock_pages() <= pages_of(k))
		return "RLIMIT_MEMLOCK is too small: ulimit -l unlimited, or run as root";
	return NULL;
}

/* Opens @driver and makes a memfd for it. NULL, or why not. close_memfd() follows, always. */
static const char *open_memfd(struct folios *f, const struct folio_driver *driver, int *fd,
			      const struct kind *k)
{
	const char *why = unfit(driver, k);

	*fd = -1;
	if (why)
		return why;
	if (driver->open(f))
		return f->why;
	f->driver = driver;
	return make_memfd(fd, k, pages_of(k));
}

static void close_memfd(struct folios *f, int fd)
{
	if (fd >= 0)
		close(fd);
	if (f->driver && f->driver->close)
		f->driver->close(f);
}

FIXTURE_SETUP(memfd)
{
	oracle_begin(&self->before);
	self->pages = pages_of(variant->kind);
	self->why = open_memfd(&self->folios, variant->driver, &self->fd, variant->kind);
}

FIXTURE_TEARDOWN(memfd)
{
	char what[256];

	close_memfd(&self->folios, self->fd);
	EXPECT_TRUE(oracle_balanced(&self->before, what, sizeof(what))) TH_LOG("%s", what);
	oracle_end(&self->before);
}

static int hold(struct folios *f, int fd, size_t first, size_t count)
{
	return f->driver->hold(f, fd, first * PAGE, count);
}

/* Holds pages of a memfd, or ends the test: a page that cannot leave ZONE_MOVABLE is no failure. */
#define HOLD(f, fd, first, count) do {						\
	int __held = hold(f, fd, first, count);					\
										\
	if (zone_holds_back(FOLL_PIN | FOLL_LONGTERM, __held))			\
		SUITE_SKIP("no memory outside of ZONE_MOVABLE for it");		\
	ASSERT_EQ(0, __held);							\
} while (0)

/* Has nobody a page of it, and can it be sealed? memfd_wait_for_pins(), mm/memfd.c. */
static bool seals(int fd)
{
	return !fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE);
}

/* The page after @i that a test looks at. */
static size_t next_page(const struct folios *f, size_t i)
{
	return f->driver->slow && i + 1 < f->pages ? f->pages - 1 : i + 1;
}

static size_t bytes_of(const struct folios *f)
{
	return f->driver->slow ?: PAGE;
}

/* The first page that the driver sees otherwise than the file has it from @first on, or -1. */
static long misread_page(struct folios *f, const struct kind *k, size_t first)
{
	size_t i;

	for (i = 0; i < f->pages; i = next_page(f, i))
		if (!f->driver->read(f, i, page) ||
		    !pattern_holds(page, id_of(k, first + i), 0, bytes_of(f)))
			return first + i;
	return -1;
}

static bool file_holds(int fd, size_t i, pattern_id id, size_t bytes)
{
	return pread(fd, page, PAGE, i * PAGE) == (ssize_t)PAGE &&
	       pattern_holds(page, id, 0, bytes);
}

/* The first page that the driver writes and the file does not have, or -1. */
static long unwritten_page(struct folios *f, int fd, size_t first)
{
	size_t i;

	for (i = 0; i < f->pages; i = next_page(f, i)) {
		const pattern_id id = PATTERN_ID(SALT_DRIVER, first + i);

		pattern_fill(page, id, 0, PAGE);
		if (!f->driver->write(f, i, page) || !file_holds(fd, first + i, id, bytes_of(f)))
			return first + i;
	}
	return -1;
}

/* The first page beside [@first, +@count) that is not as it was, or -1. */
static long changed_page(int fd, const struct kind *k, size_t pages, size_t first, size_t count)
{
	size_t i;

	for (i = 0; i < pages; i++)
		if ((i < first || i >= first + count) && !file_holds(fd, i, id_of(k, i), PAGE))
			return i;
	return -1;
}

TEST_F(memfd, is_reached_by_its_right_pages)
{
	const struct kind *k = variant->kind;
	struct folios *f = &self->folios;
	size_t i, first, count;

	for (i = 0; i < ARRAY_SIZE(windows) && !self->why; i++) {
		first = windows[i].first + (windows[i].middle ? self->pages / 2 : 0);
		count = windows[i].pages < self->pages ? windows[i].pages : self->pages;
		HOLD(f, self->fd, first, count);
		EXPECT_EQ(-1, misread_page(f, k, first)) TH_LOG("window %zu", i);
		EXPECT_EQ(-1, unwritten_page(f, self->fd, first)) TH_LOG("window %zu", i);
		EXPECT_EQ(-1, changed_page(self->fd, k, self->pages, first, count))
			TH_LOG("window %zu", i);
		f->driver->release(f);
		self->why = make_memfd(&self->fd, k, self->pages);
	}
	if (self->why)
		SUITE_SKIP("%s", self->why);
}

/* What the driver writes is not seen in the file, which has SALT_LATER by now. */
static bool writes_apart(struct folios *f, int fd)
{
	pattern_fill(page, PATTERN_ID(SALT_DRIVER, 0), 0, PAGE);
	return f->driver->write(f, 0, page) &&
	       file_holds(fd, 0, PATTERN_ID(SALT_LATER, 0), PAGE);
}

/* Takes the file's pages away, and gives it others. */
static bool replace_pages(int fd, size_t pages)
{
	return !fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, pages * PAGE) &&
	       write_pages(fd, &in_order, pages, SALT_LATER);
}

/* What the file gets instead must be other pages. */
TEST_F(memfd, keeps_its_pages_when_the_file_loses_them)
{
	struct folios *f = &self->folios;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	HOLD(f, self->fd, 0, self->pages);
	EXPECT_TRUE(replace_pages(self->fd, self->pages));
	EXPECT_EQ(-1, misread_page(f, variant->kind, 0));
	EXPECT_TRUE(writes_apart(f, self->fd));
	f->driver->release(f);
	EXPECT_TRUE(seals(self->fd));
}

TEST_F(memfd, cannot_be_sealed_before_it_is_released)
{
	struct folios *f = &self->folios;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	HOLD(f, self->fd, self->pages - 1, 1);
	EXPECT_FALSE(seals(self->fd));
	EXPECT_EQ(EBUSY, errno);
	f->driver->release(f);
	EXPECT_TRUE(seals(self->fd));
}

TEST_F(memfd, is_refused_beyond_its_end)
{
	struct folios *f = &self->folios;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	EXPECT_EQ(-EINVAL, hold(f, self->fd, self->pages, 1));
	EXPECT_EQ(-EINVAL, hold(f, self->fd, self->pages - 1, 2));
	EXPECT_EQ(-EINVAL, hold(f, self->fd, 0, self->pages + 1));
	EXPECT_EQ(-EINVAL, hold(f, self->fd, 0, 0));
	EXPECT_TRUE(seals(self->fd));
}

/* The n-th allocation of each call fails, until there are no more. */
static unsigned int hold_without_memory(struct folios *f, int fd, size_t pages, long *wrong)
{
	unsigned int n;
	bool failed;
	int err;

	for (n = 1, *wrong = 0; n < MOST_FAILURES && !*wrong; n++) {
		fail_nth_arm(n);
		err = hold(f, fd, 0, pages);
		failed = fail_nth_disarm();
		if (!err)
			f->driver->release(f);
		if (!failed)
			break;
		if (err && err != -ENOMEM)
			*wrong = err;
	}
	return n;
}

/* Its pins are counted apart: a known defect may keep some for ever. */
FIXTURE(starved)
{
	struct folios folios;
	int fd;
	const char *why;
};

FIXTURE_VARIANT(starved)
{
	const struct folio_driver *driver;
	const struct kind *kind;
	bool may_keep;
};

FIXTURE_VARIANT_ADD(starved, udmabuf_with_holes) { &folios_udmabuf, &with_holes, true };
FIXTURE_VARIANT_ADD(starved, udmabuf_hugetlb) { &folios_udmabuf, &hugetlb, true };
FIXTURE_VARIANT_ADD(starved, iommufd_with_holes) { &folios_iommufd, &with_holes, false };
FIXTURE_VARIANT_ADD(starved, iommufd_hugetlb) { &folios_iommufd, &hugetlb, false };

FIXTURE_SETUP(starved)
{
	self->why = open_memfd(&self->folios, variant->driver, &self->fd, variant->kind);
}

FIXTURE_TEARDOWN(starved)
{
	close_memfd(&self->folios, self->fd);
}

TEST_F(starved, is_not_kept_when_memory_runs_out)
{
	const bool may_keep = variant->may_keep && kernel_has(UDMABUF_KEEPS_FOLIOS);
	const char *known = NULL;
	unsigned int failures;
	struct oracle before;
	bool sealed, balanced;
	char what[256];
	long wrong;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	oracle_begin_where(&before, may_keep);
	if (fail_nth_begin(what, sizeof(what)))
		SUITE_SKIP("%s", what);
	if (variant->driver == &folios_iommufd && iommufd_injects_failures()) {
		fail_nth_end();
		SUITE_SKIP("more than allocations fails: iommufd has its own tests built in");
	}
	failures = hold_without_memory(&self->folios, self->fd, pages_of(variant->kind), &wrong);
	fail_nth_end();
	printf("# %u allocations failed\n", failures - 1);
	EXPECT_EQ(0, wrong);
	EXPECT_LT(1u, failures);
	EXPECT_LT(failures, MOST_FAILURES);
	sealed = seals(self->fd);
	balanced = oracle_balanced(&before, what, sizeof(what));
	oracle_end(&before);
	if (variant->may_keep)
		known = defect_seen(UDMABUF_KEEPS_FOLIOS, !sealed && !balanced);
	if (known) {
		SUITE_XFAIL(known);
		return;
	}
	EXPECT_TRUE(sealed);
	EXPECT_TRUE(balanced) TH_LOG("%s", what);
}

/* How many of its pages are in ZONE_MOVABLE. */
static size_t movable_pages(int fd, size_t pages)
{
	volatile char *at = mmap(NULL, pages * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	size_t i, movable = 0;

	if (at == MAP_FAILED)
		return 0;
	for (i = 0; i < pages; i++) {
		(void)at[i * PAGE];
		movable += zone_is_movable(oracle_frame((char *)at + i * PAGE));
	}
	munmap((void *)at, pages * PAGE);
	return movable;
}

/* Says how many pages are in the zone. NULL, or why leaving it cannot be tested. */
static const char *count_movable(int fd, size_t pages)
{
	size_t movable;

	if (!zone_has_movable())
		return "no ZONE_MOVABLE: boot with movablecore=128M";
	if (!kernel_has(MEMFD_PINNED))
		return "a driver only has references: needs 6.11";
	movable = movable_pages(fd, pages);
	if (!movable)
		return "no pages in ZONE_MOVABLE, or only root sees them";
	printf("# %zu of %zu pages are in ZONE_MOVABLE\n", movable, pages);
	return NULL;
}

TEST_F(memfd, leaves_the_movable_zone)
{
	struct folios *f = &self->folios;

	if (!self->why)
		self->why = count_movable(self->fd, self->pages);
	if (self->why)
		SUITE_SKIP("%s", self->why);
	HOLD(f, self->fd, 0, self->pages);
	EXPECT_EQ(0u, movable_pages(self->fd, self->pages));
	EXPECT_EQ(-1, misread_page(f, variant->kind, 0));
	f->driver->release(f);
	EXPECT_TRUE(seals(self->fd));
}

/* What a driver does with files that it cannot hold. */
FIXTURE(driver)
{
	struct folios folios;
	struct oracle before;
	bool open;
};

FIXTURE_VARIANT(driver)
{
	const struct folio_driver *driver;
};

FIXTURE_VARIANT_ADD(driver, udmabuf) { &folios_udmabuf };
FIXTURE_VARIANT_ADD(driver, iommufd) { &folios_iommufd };

FIXTURE_SETUP(driver)
{
	self->folios.driver = variant->driver;
	oracle_begin(&self->before);
	self->open = !variant->driver->open(&self->folios);
}

FIXTURE_TEARDOWN(driver)
{
	char what[256];

	if (self->open && variant->driver->close)
		variant->driver->close(&self->folios);
	EXPECT_TRUE(oracle_balanced(&self->before, what, sizeof(what))) TH_LOG("%s", what);
	oracle_end(&self->before);
}

TEST_F(driver, takes_no_other_file)
{
	int ends[2];

	if (!self->open)
		SUITE_SKIP("%s", self->folios.why);
	ASSERT_EQ(0, pipe2(ends, O_CLOEXEC));
	EXPECT_EQ(variant->driver->no_memfd, variant->driver->hold(&self->folios, ends[0], 0, 1));
	close(ends[0]);
	close(ends[1]);
}

/* What there are no huge pages for fails in the middle, behind pages that are pinned already. */
TEST_F(driver, keeps_nothing_when_huge_pages_run_out)
{
	struct folios *f = &self->folios;
	const size_t pages = MANY_HUGE * PMD_PAGES;
	int fd, err;

	if (!self->open)
		SUITE_SKIP("%s", f->why);
	if (!kernel_has(MEMFD_PINNED))
		SUITE_SKIP("hugetlb is taken by memfd_pin_folios(): needs 6.11");
	if (pages * PAGE > MOST_BYTES)
		SUITE_SKIP("huge pages are too large here for many of them");
	fd = udmabuf_memfd(pages * PAGE, MFD_HUGETLB);
	if (fd < 0 || !write_pages(fd, &hugetlb, PMD_PAGES, SALT_FILE))
		SUITE_SKIP(NO_HUGETLB);
	err = hold(f, fd, 0, pages);
	if (!err)
		f->driver->release(f);
	EXPECT_TRUE(seals(fd));
	close(fd);
	if (!err)
		SUITE_SKIP("there are %u huge pages: none ran out", MANY_HUGE);
	EXPECT_EQ(-ENOMEM, err);
}

/* A dma-buf of parts of two memfds, in an order of its own. */
FIXTURE(parts)
{
	struct folios folios;
	struct oracle before;
	int fds[2];
	const char *why;
};

FIXTURE_SETUP(parts)
{
	int i;

	self->fds[0] = self->fds[1] = -1;
	oracle_begin(&self->before);
	self->why = folios_udmabuf.open(&self->folios) ? self->folios.why : NULL;
	for (i = 0; i < 2 && !self->why; i++)
		self->why = make_memfd(&self->fds[i], &shuffled, SMALL);
}

FIXTURE_TEARDOWN(parts)
{
	char what[256];

	if (self->fds[0] >= 0)
		close(self->fds[0]);
	if (self->fds[1] >= 0)
		close(self->fds[1]);
	EXPECT_TRUE(oracle_balanced(&self->before, what, sizeof(what))) TH_LOG("%s", what);
	oracle_end(&self->before);
}

/* Is the @i-th page of the dma-buf page @of of its memfd, which has the pattern of all memfds? */
static bool shows(const char *map, size_t i, size_t of)
{
	return pattern_holds(map + i * PAGE, PATTERN_ID(SALT_FILE, of), 0, PAGE);
}

TEST_F(parts, come_in_their_order)
{
	const struct udmabuf_create_item parts[] = {
		{ .memfd = self->fds[0], .offset = 5 * PAGE, .size = 2 * PAGE },
		{ .memfd = self->fds[1], .offset = 0, .size = PAGE },
		{ .memfd = self->fds[0], .offset = 5 * PAGE, .size = PAGE },
		{ .memfd = self->fds[1], .offset = 40 * PAGE, .size = 40 * PAGE },
	};
	const size_t pages = 2 + 1 + 1 + 40;
	char *map;
	int fd, i;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	fd = udmabuf_create(parts, ARRAY_SIZE(parts));
	ASSERT_LE(0, fd);
	map = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, map);
	EXPECT_TRUE(shows(map, 0, 5) && shows(map, 1, 6));
	EXPECT_TRUE(shows(map, 2, 0));
	EXPECT_TRUE(shows(map, 3, 5));
	for (i = 0; i < 40; i++) {
		EXPECT_TRUE(shows(map, 4 + i, 40 + i))
			TH_LOG("page %d", 40 + i);
	}
	memset(map + PAGE, 0, PAGE);
	EXPECT_TRUE(file_holds(self->fds[0], 6, PATTERN_ZERO, PAGE));
	EXPECT_TRUE(file_holds(self->fds[1], 6, PATTERN_ID(SALT_FILE, 6), PAGE));
	munmap(map, pages * PAGE);
	close(fd);
}

TEST_F(parts, are_not_kept_when_the_last_is_refused)
{
	const struct udmabuf_create_item parts[] = {
		{ .memfd = self->fds[0], .offset = 0, .size = 40 * PAGE },
		{ .memfd = self->fds[1], .offset = PAGE, .size = SMALL * PAGE },
	};

	if (self->why)
		SUITE_SKIP("%s", self->why);
	EXPECT_EQ(-EINVAL, udmabuf_create(parts, ARRAY_SIZE(parts)));
	EXPECT_TRUE(seals(self->fds[0]));
	EXPECT_TRUE(seals(self->fds[1]));
}

SUITE_MAIN
