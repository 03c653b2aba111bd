// SPDX-License-Identifier: GPL-2.0
/*
 * A type1 container beyond map and unmap: which pages a device may have written, and mappings whose
 * address, or whose process, becomes another one while the device goes on
 * (drivers/vfio/vfio_iommu_type1.c).
 */
#define _GNU_SOURCE
#include <linux/vfio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "lib/suite.h"
#include "contract/defect.h"
#include "lib/oracle.h"
#include "lib/vfio.h"

#define IOVA 0x1000000UL
#define FIRST 3U		/* pages of the first DMA mapping, so that the second begins */
#define SECOND 5U		/* within a byte of the bitmap */
#define PAGES (FIRST + SECOND)
/* include/uapi/linux/vfio.h, since 5.12. */
#define UPDATE_VADDR 10
#define MAP_FLAG_VADDR 4
#define UNMAP_FLAG_VADDR 4

#define BITS(pages) ((1L << (pages)) - 1)
#define SALT_TYPE1 47

/* Memory for the device: one memfd at two addresses. */
FIXTURE(type1)
{
	struct vfio vfio;
	struct oracle before;
	char *at;
	char *again;
	char why[256];
	bool open;
};

static char *map_memfd(int fd)
{
	return mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

static int map_dma(struct vfio *v, const char *at)
{
	return vfio_map(v, IOVA, at, FIRST * PAGE, true) ?:
	       vfio_map(v, IOVA + FIRST * PAGE, at + FIRST * PAGE, SECOND * PAGE, true);
}

FIXTURE_SETUP(type1)
{
	int i, fd = memfd_create("pfnmap-type1", MFD_CLOEXEC);

	oracle_begin(&self->before);
	ASSERT_EQ(0, ftruncate(fd, PAGES * PAGE));
	self->at = map_memfd(fd);
	self->again = map_memfd(fd);
	close(fd);
	ASSERT_NE(MAP_FAILED, self->at);
	ASSERT_NE(MAP_FAILED, self->again);
	for (i = 0; i < (int)PAGES; i++)
		pattern_fill(self->at + i * PAGE, PATTERN_ID(SALT_TYPE1, i), 0, PAGE);
	self->open = !vfio_open_edu(&self->vfio, self->why, sizeof(self->why));
	if (self->open)
		ASSERT_EQ(0, map_dma(&self->vfio, self->at));
}

FIXTURE_TEARDOWN(type1)
{
	char what[256];

	if (self->open)
		vfio_close(&self->vfio);
	munmap(self->at, PAGES * PAGE);
	munmap(self->again, PAGES * PAGE);
	EXPECT_TRUE(oracle_balanced(&self->before, what, sizeof(what))) TH_LOG("%s", what);
	oracle_end(&self->before);
}

static int track(struct vfio *v, uint32_t flag)
{
	struct vfio_iommu_type1_dirty_bitmap dirty = { .argsz = sizeof(dirty), .flags = flag };

	return ioctl(v->container, VFIO_IOMMU_DIRTY_PAGES, &dirty) ? -errno : 0;
}

/*
 * The bitmap of both mappings, or -errno. Bits behind them say nothing: update_user_bitmap() leaves
 * there what it has shifted out.
 */
static long dirty_pages(struct vfio *v)
{
	struct {
		struct vfio_iommu_type1_dirty_bitmap dirty;
		struct vfio_iommu_type1_dirty_bitmap_get range;
	} get = {
		.dirty = { sizeof(get), VFIO_IOMMU_DIRTY_PAGES_FLAG_GET_BITMAP },
		.range = { IOVA, PAGES * PAGE, { PAGE, sizeof(__u64), NULL } },
	};
	__u64 bits = 0;

	get.range.bitmap.data = &bits;
	if (ioctl(v->container, VFIO_IOMMU_DIRTY_PAGES, &get))
		return -errno;
	return bits & BITS(PAGES);
}

/* Unmaps the second mapping, and tells which of its pages were written. -errno. */
static long unmap_dirty(struct vfio *v)
{
	struct {
		struct vfio_iommu_type1_dma_unmap unmap;
		struct vfio_bitmap bitmap;
	} get = {
		.unmap = {
			.argsz = sizeof(get),
			.flags = VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP,
			.iova = IOVA + FIRST * PAGE,
			.size = SECOND * PAGE,
		},
		.bitmap = { PAGE, sizeof(__u64), NULL },
	};
	__u64 bits = 0;

	get.bitmap.data = &bits;
	if (ioctl(v->container, VFIO_IOMMU_UNMAP_DMA, &get))
		return -errno;
	return bits & BITS(SECOND);
}

/* The device writes through page tables that have no dirty bits: it may have written every page. */
TEST_F(type1, finds_every_mapped_page_dirty)
{
	struct vfio *v = &self->vfio;

	if (!self->open)
		SUITE_SKIP("%s", self->why);
	EXPECT_EQ(-EINVAL, dirty_pages(v));
	ASSERT_EQ(0, track(v, VFIO_IOMMU_DIRTY_PAGES_FLAG_START));
	EXPECT_EQ(BITS(PAGES), dirty_pages(v));
	EXPECT_EQ(BITS(PAGES), dirty_pages(v));
	EXPECT_EQ(BITS(SECOND), unmap_dirty(v));
	EXPECT_EQ(0, track(v, VFIO_IOMMU_DIRTY_PAGES_FLAG_STOP));
	EXPECT_EQ(-EINVAL, dirty_pages(v));
	EXPECT_EQ((long long)(FIRST * PAGE), vfio_unmap(v, IOVA, FIRST * PAGE));
}

/* The address of the first mapping is no longer valid; its pages stay pinned. 0 or -errno. */
static int take_address(struct vfio *v)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.flags = UNMAP_FLAG_VADDR,
		.iova = IOVA,
		.size = FIRST * PAGE,
	};

	return ioctl(v->container, VFIO_IOMMU_UNMAP_DMA, &unmap) ? -errno : 0;
}

static int give_address(struct vfio *v, const char *at)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = MAP_FLAG_VADDR,
		.vaddr = (uintptr_t)at,
		.iova = IOVA,
		.size = FIRST * PAGE,
	};

	return ioctl(v->container, VFIO_IOMMU_MAP_DMA, &map) ? -errno : 0;
}

static bool has_no_addresses(struct vfio *v)
{
	return ioctl(v->container, VFIO_CHECK_EXTENSION, UPDATE_VADDR) <= 0;
}

/* Does the device still copy page @from to page @to, of the first mapping? */
static bool edu_reaches(struct vfio *v, const char *at, unsigned int from, unsigned int to)
{
	return edu_copy(v->device, IOVA + from * PAGE, IOVA + to * PAGE, EDU_BYTES) &&
	       pattern_holds(at + to * PAGE, PATTERN_ID(SALT_TYPE1, from), 0, EDU_BYTES);
}

TEST_F(type1, reaches_memory_without_an_address_and_at_another_one)
{
	struct vfio *v = &self->vfio;

	if (!self->open)
		SUITE_SKIP("%s", self->why);
	if (has_no_addresses(v))
		SUITE_SKIP("VFIO_UPDATE_VADDR needs 5.12");
	EXPECT_EQ(-EINVAL, give_address(v, self->again));
	ASSERT_EQ(0, take_address(v));
	EXPECT_EQ(-EINVAL, take_address(v));
	EXPECT_TRUE(edu_reaches(v, self->at, 0, 1));
	ASSERT_EQ(0, give_address(v, self->again));
	munmap(self->at, PAGES * PAGE);
	EXPECT_TRUE(edu_reaches(v, self->again, 0, 2));
	EXPECT_EQ((long long)(FIRST * PAGE), vfio_unmap(v, IOVA, FIRST * PAGE));
}

static long locked_pages(void)
{
	struct charges charges;

	oracle_charges(&charges);
	return charges.vm_lck;
}

/* Pages by which a child is charged that gives the memory its new address, or -1. */
static int charged_to_child(struct vfio *v, const char *at)
{
	int status = -1;
	pid_t child = fork();

	if (!child) {
		const long before = locked_pages();

		_exit(give_address(v, at) ? 100 : locked_pages() - before);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

TEST_F(type1, is_charged_to_the_process_that_gave_the_last_address)
{
	const long before = self->before.charges.vm_lck;
	struct vfio *v = &self->vfio;
	const char *known;
	int charged;

	if (!self->open)
		SUITE_SKIP("%s", self->why);
	if (has_no_addresses(v))
		SUITE_SKIP("VFIO_UPDATE_VADDR needs 5.12");
	EXPECT_EQ(before + (long)PAGES, locked_pages());
	ASSERT_EQ(0, take_address(v));
	charged = charged_to_child(v, self->again);
	known = defect_seen(VFIO_OWNER_UNCHARGED, !charged);
	if (known) {
		SUITE_XFAIL(known);
		return;
	}
	EXPECT_EQ((int)FIRST, charged);
	EXPECT_EQ(before + (long)SECOND, locked_pages());
	EXPECT_TRUE(edu_reaches(v, self->at, 0, 1));
	EXPECT_EQ((long long)(FIRST * PAGE), vfio_unmap(v, IOVA, FIRST * PAGE));
	EXPECT_EQ((long long)(SECOND * PAGE), vfio_unmap(v, IOVA + FIRST * PAGE, SECOND * PAGE));
	EXPECT_EQ(before, locked_pages());
}

SUITE_MAIN
