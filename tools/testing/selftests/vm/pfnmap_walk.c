// SPDX-License-Identifier: GPL-2.0
/*
 * mlock() and MADV_POPULATE walk without pages[], and must go on over what has no struct page: every
 * mapping. And device DAX by entries of each size, which the report of 2022 turned on.
 */
#define _GNU_SOURCE
#include <sys/resource.h>

#define SUITE_PINNERS(PINNER) WALK_PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/dax.h"
#include "lib/oracle.h"

/* More than one, so that a page of the program's own does not matter; less than 2 MiB by 4 KiB. */
#define FEW_FAULTS 8

FIXTURE(dax)
{
	char *start;
	size_t size;		/* of the device */
	long faults;		/* that populating it took */
	char why[256];
};

/* Not pagemap or smaps, which take an entry of 1 GiB away to look at it (split_huge_pud()). */
static long minor_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

static long faults_of_touching(const volatile char *page)
{
	long before = minor_faults();

	(void)*page;
	return minor_faults() - before;
}

FIXTURE_VARIANT(dax)
{
	size_t align;
};

FIXTURE_VARIANT_ADD(dax, by_the_pte) { 4096 };
FIXTURE_VARIANT_ADD(dax, by_the_pmd) { 2 << 20 };
FIXTURE_VARIANT_ADD(dax, by_the_pud) { 1 << 30 };

FIXTURE_SETUP(dax)
{
	int fd = dax_open(variant->align, &self->size, self->why, sizeof(self->why));
	long before = minor_faults();

	self->start = fd < 0 ? NULL : dax_populate(fd, variant->align);
	self->faults = minor_faults() - before;
	if (fd >= 0 && !self->start)
		snprintf(self->why, sizeof(self->why), "mmap of device DAX: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
}

FIXTURE_TEARDOWN(dax)
{
	if (self->start)
		munmap(self->start, variant->align);
}

TEST_F(dax, is_populated_and_locked_whole)
{
	if (!self->start)
		SKIP(return, "%s", self->why);
	EXPECT_LT(0, self->faults);
	EXPECT_GT(FEW_FAULTS, self->faults) TH_LOG("not by one entry of the device's alignment");
	EXPECT_EQ(0, faults_of_touching(self->start)) TH_LOG("not there after MAP_POPULATE");
	EXPECT_EQ(0, faults_of_touching(self->start + variant->align - PAGE))
		TH_LOG("its end is not there after MAP_POPULATE");
	EXPECT_EQ(0, mlock(self->start, variant->align)) TH_LOG("mlock: %s", strerror(errno));
	EXPECT_EQ(0, munlock(self->start, variant->align));
	EXPECT_EQ(0, madvise(self->start, variant->align, MADV_POPULATE_READ));
	EXPECT_EQ(0, madvise(self->start, variant->align, MADV_POPULATE_WRITE));
}

/* Two pages, or the one that there is, at the end of the first entry. */
static void swap_ends(struct pinner *p, char *end, size_t len, char *what, size_t size)
{
	static char page[PAGE] __aligned(PAGE);
	const struct iovec iov = { end, len };
	size_t i;

	what[0] = '\0';
	for (i = 0; i < len; i += PAGE)
		pattern_fill(end + i, PATTERN_ID(1, i), 0, PAGE);
	if (p->ops->io(p, TO_FILE, &iov, 1, p->scratch->out_start) != (ssize_t)len)
		snprintf(what, size, "it cannot be written to a file");
	for (i = 0; i < len && !what[0]; i += PAGE) {
		if (pread(p->scratch->out, page, PAGE, p->scratch->out_start + i) != (ssize_t)PAGE)
			snprintf(what, size, "the file cannot be read back");
		else if (!pattern_holds(page, PATTERN_ID(1, i), 0, PAGE))
			pattern_explain(page, PATTERN_ID(1, i), 0, PAGE, what, size);
	}
	if (!what[0] && p->ops->io(p, FROM_FILE, &iov, 1, 0) != (ssize_t)len)
		snprintf(what, size, "it cannot be read from a file");
	for (i = 0; i < len && !what[0]; i += PAGE)
		if (!pattern_holds(end + i, scratch_in_id(i / PAGE), 0, PAGE))
			pattern_explain(end + i, scratch_in_id(i / PAGE), 0, PAGE, what, size);
}

TEST_F(dax, pins_with_its_own_bytes)
{
	size_t len = variant->align > PAGE ? 2 * PAGE : PAGE;
	struct oracle before;
	struct pinner pinner;
	char what[256];

	if (!self->start)
		SKIP(return, "%s", self->why);
	if (pinner_open(&pinner, &pinner_direct))
		SKIP(return, "%s", pinner.why);
	oracle_begin(&before);
	swap_ends(&pinner, self->start + variant->align - len, len, what, sizeof(what));
	EXPECT_STREQ("", what);
	EXPECT_TRUE(oracle_balanced(&before, what, sizeof(what))) TH_LOG("%s", what);
	oracle_end(&before);
	pinner_close(&pinner);
}

SUITE_MAIN
