// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that an iommufd has in more than one domain or address space: it is pinned and charged
 * once, reached through each, and kept until the last gives it up
 * (drivers/iommu/iommufd/pages.c).
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "lib/suite.h"
#include "lib/iommufd.h"
#include "lib/oracle.h"
#include "lib/vfio.h"

#define IOVA 0x1000000UL
#define PAGES 40U
#define SALT_IOMMUFD 53

FIXTURE(iommufd)
{
	struct iommufd iommufd;
	struct oracle before;
	char *at;		/* PAGES pages, and a hole */
	char why[256];
	bool open;
};

FIXTURE_SETUP(iommufd)
{
	int i;

	oracle_begin(&self->before);
	self->at = mmap(NULL, (PAGES + 1) * PAGE, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->at);
	for (i = 0; i < (int)PAGES; i++)
		pattern_fill(self->at + i * PAGE, PATTERN_ID(SALT_IOMMUFD, i), 0, PAGE);
	munmap(self->at + PAGES * PAGE, PAGE);
	self->open = !iommufd_open_edu(&self->iommufd, self->why, sizeof(self->why));
}

FIXTURE_TEARDOWN(iommufd)
{
	char what[256];

	if (self->open)
		iommufd_close(&self->iommufd);
	munmap(self->at, PAGES * PAGE);
	EXPECT_TRUE(oracle_balanced(&self->before, what, sizeof(what))) TH_LOG("%s", what);
	oracle_end(&self->before);
}

static long pinned_pages(void)
{
	struct charges charges;

	oracle_charges(&charges);
	return charges.vm_pin;
}

/* Does edu, wherever it is attached, copy page @from to page @to? */
static bool edu_reaches(struct iommufd *i, const char *at, unsigned int from, unsigned int to)
{
	return edu_copy(i->device, IOVA + from * PAGE, IOVA + to * PAGE, EDU_BYTES) &&
	       pattern_holds(at + to * PAGE, PATTERN_ID(SALT_IOMMUFD, from), 0, EDU_BYTES);
}

/* Maps the first @pages pages, and what is behind them where there are more. */
static int map(struct iommufd *i, const char *at, unsigned int pages)
{
	return iommufd_map(i, IOVA, at, pages * PAGE, true);
}

/* The pages as one mapping; those of the second domain come from the first. */
TEST_F(iommufd, memory_is_in_a_domain_that_comes_later)
{
	struct iommufd *i = &self->iommufd;
	const long before = pinned_pages();
	uint32_t domain;
	int err;

	if (!self->open)
		SUITE_SKIP("%s", self->why);
	ASSERT_EQ(0, map(i, self->at, PAGES));
	err = iommufd_new_domain(i, &domain);
	if (err == -ENOTTY)
		SUITE_SKIP("no IOMMU_HWPT_ALLOC: needs 6.7");
	ASSERT_EQ(0, err);
	EXPECT_EQ(before + (long)PAGES, pinned_pages());
	EXPECT_TRUE(edu_reaches(i, self->at, 0, 1));
	ASSERT_EQ(0, iommufd_attach_to(i, domain));	/* destroys the first one */
	EXPECT_EQ(before + (long)PAGES, pinned_pages());
	EXPECT_TRUE(edu_reaches(i, self->at, PAGES - 1, 2));
	EXPECT_EQ((long long)(PAGES * PAGE), iommufd_unmap(i, IOVA, PAGES * PAGE));
	EXPECT_EQ(before, pinned_pages());
}

TEST_F(iommufd, memory_is_in_both_of_two_domains)
{
	struct iommufd *i = &self->iommufd;
	const long before = pinned_pages();
	uint32_t domain;
	int err;

	if (!self->open)
		SUITE_SKIP("%s", self->why);
	err = iommufd_new_domain(i, &domain);
	if (err == -ENOTTY)
		SUITE_SKIP("no IOMMU_HWPT_ALLOC: needs 6.7");
	ASSERT_EQ(0, err);
	EXPECT_EQ(-EFAULT, map(i, self->at, PAGES + 1));
	EXPECT_EQ(before, pinned_pages());
	ASSERT_EQ(0, map(i, self->at, PAGES));
	EXPECT_EQ(before + (long)PAGES, pinned_pages());
	EXPECT_TRUE(edu_reaches(i, self->at, 0, 1));
	ASSERT_EQ(0, iommufd_attach_to(i, domain));
	EXPECT_TRUE(edu_reaches(i, self->at, PAGES - 1, 2));
	EXPECT_EQ((long long)(PAGES * PAGE), iommufd_unmap(i, IOVA, PAGES * PAGE));
	EXPECT_EQ(before, pinned_pages());
}

TEST_F(iommufd, memory_outlives_a_second_domain)
{
	struct iommufd *i = &self->iommufd;
	const long before = pinned_pages();
	uint32_t domain;
	int err;

	if (!self->open)
		SUITE_SKIP("%s", self->why);
	ASSERT_EQ(0, map(i, self->at, PAGES));
	err = iommufd_new_domain(i, &domain);
	if (err == -ENOTTY)
		SUITE_SKIP("no IOMMU_HWPT_ALLOC: needs 6.7");
	ASSERT_EQ(0, err);
	EXPECT_EQ(0, iommufd_destroy(i, domain));
	EXPECT_EQ(before + (long)PAGES, pinned_pages());
	EXPECT_TRUE(edu_reaches(i, self->at, 0, 1));
	EXPECT_EQ((long long)(PAGES * PAGE), iommufd_unmap(i, IOVA, PAGES * PAGE));
}

TEST_F(iommufd, memory_is_shared_by_two_address_spaces)
{
	struct iommufd *i = &self->iommufd;
	const long before = pinned_pages();
	uint32_t other;

	if (!self->open)
		SUITE_SKIP("%s", self->why);
	ASSERT_EQ(0, map(i, self->at, PAGES));
	ASSERT_EQ(0, iommufd_new_ioas(i, &other));
	ASSERT_EQ(0, iommufd_share(i, other, IOVA, PAGES * PAGE));
	EXPECT_EQ(before + (long)PAGES, pinned_pages());
	ASSERT_EQ(0, iommufd_attach_to(i, other));
	EXPECT_EQ(before + (long)PAGES, pinned_pages());
	EXPECT_TRUE(edu_reaches(i, self->at, 0, 1));
	EXPECT_EQ((long long)(PAGES * PAGE), iommufd_unmap(i, IOVA, PAGES * PAGE));
	EXPECT_EQ(before + (long)PAGES, pinned_pages());
	EXPECT_TRUE(edu_reaches(i, self->at, PAGES - 1, 2));
	i->ioas = other;
	EXPECT_EQ((long long)(PAGES * PAGE), iommufd_unmap(i, IOVA, PAGES * PAGE));
	EXPECT_EQ(before, pinned_pages());
}

SUITE_MAIN
