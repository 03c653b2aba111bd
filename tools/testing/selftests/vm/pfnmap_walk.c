// SPDX-License-Identifier: GPL-2.0
/*
 * mlock() and MADV_POPULATE walk without pages[], and must go on over PTEs without a struct page:
 * every mapping. So must mlockall(), and mmap() after it; other advice follows the vma's flags. And
 * device DAX by entries of each size, as in the report behind 7196040e19ad.
 */
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define SUITE_PINNERS(PINNER) WALK_PINNERS(PINNER)
#include "lib/suite.h"
#include "contract/vma.h"
#include "lib/dax.h"
#include "lib/libc.h"
#include "lib/oracle.h"
#include "lib/stage.h"

/* More than one, since the program's own pages may fault; fewer than 2 MiB by 4 KiB need. */
#define FEW_FAULTS 8

/* Memory under test, two pages that were never touched. */
FIXTURE(tested)
{
	struct stage stage;
	const char *why;
};

FIXTURE_VARIANT(tested)
{
	const struct mapping_ops *mapping;
};

#define MAPPING(name) FIXTURE_VARIANT_ADD(tested, name) { .mapping = &mapping_##name };
MAPPINGS(MAPPING)
#undef MAPPING

FIXTURE_SETUP(tested)
{
	self->why = stage_lay_out(&self->stage, variant->mapping, layout_named("PP"), PAGE);
	if (!self->why && mapping_must_not_touch(&self->stage.mapping))
		self->why = "the CPU would read the BAR, which is not known to be memory";
}

FIXTURE_TEARDOWN(tested)
{
	if (self->stage.arena.base)
		stage_close(&self->stage);
}

static long vm_lck(void)
{
	struct charges now;

	oracle_charges(&now);
	return now.vm_lck;
}

static long stays_locked(const struct stage *s, bool by_mmap)
{
	return munlock_leaves(&s->mapping.props, s->buffer.pages, by_mmap);
}

TEST_F(tested, is_charged_when_locked_unless_its_flags_say_otherwise)
{
	struct stage *s = &self->stage;
	const struct buffer *b = &s->buffer;
	long before;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	if (pinner_memlock_pages() < b->pages)
		SUITE_SKIP("RLIMIT_MEMLOCK allows no %u pages: ulimit -l 8192, or run as root",
			   b->pages);
	ASSERT_EQ(0, stage_set_tested(s));
	/* memfd_secret is locked from the start, and some kernels charge that. */
	before = vm_lck();
	/* The vma is locked even when the walk after that fails. */
	mlock(b->iov->iov_base, b->len);
	EXPECT_EQ((long)mlock_fixup(&s->mapping.props, b->pages), vm_lck() - before)
		TH_LOG("VmFlags:%s", s->mapping.vm_flags);
	munlock(b->iov->iov_base, b->len);
	EXPECT_EQ(stays_locked(s, false), vm_lck() - before)
		TH_LOG("VmFlags:%s", s->mapping.vm_flags);
}

TEST_F(tested, does_not_keep_the_process_from_being_locked)
{
	long before;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	ASSERT_EQ(0, stage_set_tested(&self->stage));
	before = vm_lck();
	if (mlockall(MCL_CURRENT) && errno == ENOMEM)
		SUITE_SKIP("this process is more than RLIMIT_MEMLOCK allows: run as root");
	EXPECT_EQ(0, munlockall());
	EXPECT_EQ(stays_locked(&self->stage, false), vm_lck() - before);
}

/* As with MAP_LOCKED and MAP_POPULATE: mmap() itself walks over the new vma. */
TEST_F(tested, is_mapped_by_a_process_that_locks_what_is_to_come)
{
	if (self->why)
		SUITE_SKIP("%s", self->why);
	if (mlockall(MCL_CURRENT | MCL_FUTURE) && errno == ENOMEM)
		SUITE_SKIP("this process is more than RLIMIT_MEMLOCK allows: run as root");
	EXPECT_EQ(0, stage_set_tested(&self->stage));
	EXPECT_EQ(0, munlockall());
	EXPECT_EQ(stays_locked(&self->stage, true), vm_lck());
}

static const struct {
	const char *name;
	int advice;
} advices[] = {
#define ADVICE(name) { #name, name }
	ADVICE(MADV_COLD), ADVICE(MADV_PAGEOUT), ADVICE(MADV_DONTDUMP), ADVICE(MADV_DODUMP),
	ADVICE(MADV_DONTFORK), ADVICE(MADV_DOFORK), ADVICE(MADV_DONTNEED),
#undef ADVICE
};

/* The kernel's answer to one advice. 0 or errno. */
static int advise(struct stage *s, int advice)
{
	return madvise(s->arena.anchor, s->buffer.run * PAGE, advice) ? errno : 0;
}

TEST_F(tested, takes_the_advice_that_its_flags_allow)
{
	struct stage *s = &self->stage;
	size_t i;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	ASSERT_EQ(0, stage_set_tested(s));
	for (i = 0; i < ARRAY_SIZE(advices); i++) {
		EXPECT_EQ(madvise_vma_behavior(&s->mapping.props, advices[i].advice),
			  advise(s, advices[i].advice))
			TH_LOG("%s, VmFlags:%s", advices[i].name, s->mapping.vm_flags);
	}
}

/* The same from outside, by a descriptor of the process. */
static int advise_process(struct stage *s, int advice)
{
	const struct iovec run = { s->arena.anchor, s->buffer.run * PAGE };
	int process = syscall(SYS_pidfd_open, getpid(), 0);
	int err = syscall(SYS_process_madvise, process, &run, 1, advice, 0) < 0 ? errno : 0;

	close(process);
	return err;
}

TEST_F(tested, takes_the_advice_of_another_process_that_its_flags_allow)
{
	struct stage *s = &self->stage;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	ASSERT_EQ(0, stage_set_tested(s));
	EXPECT_EQ(madvise_vma_behavior(&s->mapping.props, MADV_COLD), advise_process(s, MADV_COLD))
		TH_LOG("VmFlags:%s", s->mapping.vm_flags);
	EXPECT_EQ(madvise_vma_behavior(&s->mapping.props, MADV_PAGEOUT),
		  advise_process(s, MADV_PAGEOUT))
		TH_LOG("VmFlags:%s", s->mapping.vm_flags);
}

FIXTURE(dax)
{
	char *start;
	size_t size;		/* size of the device */
	long faults;		/* faults that populating it took */
	char why[256];
};

/* Not pagemap or smaps, which split an entry of 1 GiB to look at it (split_huge_pud()). */
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

FIXTURE_VARIANT_ADD(dax, by_the_pte) { 4 << 10 };
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

/* Also true when this kernel has no such advice, which came with 5.14. */
static bool populates(void *start, size_t len, int advice)
{
	static char ordinary[MAX_PAGE] __aligned(MAX_PAGE);

	return !madvise(start, len, advice) ||
	       (errno == EINVAL && madvise(ordinary, PAGE, advice) && errno == EINVAL);
}

TEST_F(dax, is_populated_and_locked_whole)
{
	if (!self->start)
		SUITE_SKIP("%s", self->why);
	EXPECT_LT(0, self->faults);
	EXPECT_GT(FEW_FAULTS, self->faults) TH_LOG("not by one entry of the device's alignment");
	EXPECT_EQ(0, faults_of_touching(self->start)) TH_LOG("not there after MAP_POPULATE");
	EXPECT_EQ(0, faults_of_touching(self->start + variant->align - PAGE))
		TH_LOG("its end is not there after MAP_POPULATE");
	EXPECT_EQ(0, mlock(self->start, variant->align)) TH_LOG("mlock: %s", strerror(errno));
	EXPECT_EQ(0, munlock(self->start, variant->align));
	EXPECT_TRUE(populates(self->start, variant->align, MADV_POPULATE_READ));
	EXPECT_TRUE(populates(self->start, variant->align, MADV_POPULATE_WRITE));
}

/* Two pages, or the only one, at the end of the first entry. */
static void swap_ends(struct pinner *p, char *end, size_t len, char *what, size_t size)
{
	static char page[MAX_PAGE] __aligned(MAX_PAGE);
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
	const struct mapping_props device = {
		.zone_device = true, .by_pmd = variant->align > PAGE,
	};
	const char *left_out = defect_left_out(&pinner_direct, &device);
	size_t len = variant->align > PAGE ? 2 * PAGE : PAGE;
	struct oracle before;
	struct pinner pinner;
	char what[256];

	if (!self->start)
		SUITE_SKIP("%s", self->why);
	if (left_out)
		SUITE_SKIP("%s", left_out);
	if (pinner_open(&pinner, &pinner_direct))
		SUITE_SKIP("%s", pinner.why);
	oracle_begin(&before);
	swap_ends(&pinner, self->start + variant->align - len, len, what, sizeof(what));
	EXPECT_STREQ("", what);
	EXPECT_TRUE(oracle_balanced(&before, what, sizeof(what))) TH_LOG("%s", what);
	oracle_end(&before);
	pinner_close(&pinner);
}

SUITE_MAIN
