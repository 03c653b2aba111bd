// SPDX-License-Identifier: GPL-2.0
/*
 * vfio lets a device reach user memory, by its pages or by its PFNs: every mapping. QEMU's edu
 * device moves bytes and so proves that they are the right ones.
 */
#include <fcntl.h>

#define SUITE_PINNERS(PINNER) VFIO_PINNERS(PINNER)
#include "lib/suite.h"
#include "contract/defect.h"
#include "lib/oracle.h"
#include "lib/reserved.h"
#include "lib/stage.h"
#include "lib/vfio.h"
#include "lib/witness.h"

#define IOVA_GOOD 0x1000000ULL
#define IOVA_BAR 0x2000000ULL
#define GOOD_PAGES 4
#define SALT_EDU 11
#define LEFT_PAGE 5	/* page of the BAR that no cell and no other test uses */
#define BAR_PAGES (LEFT_PAGE + 1)
#define FIRST_FRAMES 2
#define SYSTEM_ROM 0xf0000ULL	/* of a PC */

/* Ordinary memory that the device may reach, and room for a BAR. */
struct scene {
	struct vfio vfio;
	struct oracle before;
	struct mapping bar;
	char *good;
	char *run;		/* the BAR, mapped */
	char why[256];
	bool open;
};

static void set_scene(struct scene *s)
{
	int i;

	s->bar.fd = -1;
	oracle_begin(&s->before);
	s->open = !vfio_open_edu(&s->vfio, s->why, sizeof(s->why));
	s->good = mmap(NULL, GOOD_PAGES * PAGE, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (i = 0; i < GOOD_PAGES; i++)
		pattern_fill(s->good + i * PAGE, PATTERN_ID(SALT_EDU, i), 0, PAGE);
	s->run = mmap(NULL, BAR_PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* Memory that the device could reach must not stay held. */
static bool clear_scene(struct scene *s, char *what, size_t size)
{
	bool balanced;

	if (s->open)
		vfio_close(&s->vfio);
	if (s->bar.fd >= 0)
		mapping_close(&s->bar);
	munmap(s->run, BAR_PAGES * PAGE);
	munmap(s->good, GOOD_PAGES * PAGE);
	balanced = oracle_balanced(&s->before, what, size);
	oracle_end(&s->before);
	return balanced;
}

/* A vfio BAR whose memory is disabled and enabled under its mapping. */
FIXTURE(bar)
{
	struct stage stage;
	const char *why;
};

FIXTURE_SETUP(bar)
{
	self->why = stage_lay_out(&self->stage, &mapping_vfio_group, layout_named("PP"), PAGE);
	if (!self->why && !(self->stage.mapping.access & MAPPING_WRITE))
		self->why = "only a QEMU ivshmem-plain is known not to mind";
}

FIXTURE_TEARDOWN(bar)
{
	if (self->stage.arena.base)
		stage_close(&self->stage);
}

static ssize_t pinner_reads(struct stage *s)
{
	struct pinner p;
	ssize_t got;

	if (pinner_open(&p, &pinner_process_vm))
		return -ENODEV;
	got = p.ops->io(&p, TO_FILE, s->buffer.iov, s->buffer.niov, p.scratch->out_start);
	pinner_close(&p);
	return got;
}

TEST_F(bar, is_out_of_reach_while_its_memory_is_off)
{
	struct stage *s = &self->stage;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	ASSERT_EQ(0, stage_set_tested(s));
	EXPECT_TRUE(stage_cpu_reads(s));
	EXPECT_EQ(-EFAULT, pinner_reads(s));
	ASSERT_TRUE(vfio_set_memory(s->mapping.fd, false));
	EXPECT_FALSE(stage_cpu_reads(s));
	EXPECT_EQ(-EFAULT, pinner_reads(s));
	ASSERT_TRUE(vfio_set_memory(s->mapping.fd, true));
	EXPECT_TRUE(stage_cpu_reads(s));
	EXPECT_EQ(-EFAULT, pinner_reads(s));
}

/*
 * Ranges that begin in ordinary memory and end in a BAR, across vfio's batch and not from a huge
 * page's start.
 */
struct range {
	const char *name;
	size_t good, bar;	/* pages */
};

static const struct range ranges[] = {
	{ "one and one", 1, 1 },
	{ "a batch and one", 512, 1 },
	{ "over a batch", 513, 2 },
	{ "the whole BAR", 0, SIZE_MAX },
	{ "the whole BAR behind three pages", 3, SIZE_MAX },
};

/* Maps the range for the device and unmaps it. Returns what went wrong, or "". */
static const char *map_range(struct vfio *v, struct mapping *m, const struct range *r)
{
	size_t pages = r->bar < m->pages ? r->bar : m->pages;
	size_t good = r->good * PAGE, bar = pages * PAGE;
	char *at = mmap(NULL, good + bar + PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	const char *wrong = "";

	if (at == MAP_FAILED || mapping_place(m, at + good, pages))
		return "it cannot be laid out";
	if (vfio_map(v, IOVA_GOOD, at, good + bar, true))
		wrong = "it cannot be mapped for the device";
	else if (vfio_unmap(v, IOVA_GOOD, good + bar) != (long long)(good + bar))
		wrong = "not all of it was unmapped";
	munmap(at, good + bar + PAGE);
	return wrong;
}

static const char *map_ranges(struct vfio *v, struct mapping *m)
{
	const char *wrong = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ranges) && !wrong[0]; i++) {
		wrong = map_range(v, m, &ranges[i]);
		if (wrong[0])
			printf("# %s: %s\n", ranges[i].name, wrong);
	}
	return wrong;
}

FIXTURE(edu)
{
	struct scene scene;
};

FIXTURE_SETUP(edu)
{
	set_scene(&self->scene);
}

FIXTURE_TEARDOWN(edu)
{
	char what[256];

	EXPECT_TRUE(clear_scene(&self->scene, what, sizeof(what))) TH_LOG("%s", what);
}

static bool holds(const char *page, unsigned int salt, unsigned int number)
{
	return pattern_holds(page, PATTERN_ID(salt, number), 0, PAGE);
}

/* Makes the device copy ordinary page 1 to a page of the BAR, and tells the host. */
static bool leave_page(struct scene *s)
{
	const uint32_t from = IOVA_GOOD + PAGE, to = IOVA_BAR + LEFT_PAGE * PAGE;
	bool done = true;
	size_t i;

	for (i = 0; done && i < PAGE; i += EDU_BYTES)
		done = edu_copy(s->vfio.device, from + i, to + i, EDU_BYTES);
	printf(WITNESS_SAYS, s->bar.device, LEFT_PAGE,
	       (unsigned long long)PATTERN_ID(SALT_EDU, 1), PAGE);
	return done;
}

/* Maps the BAR of a device that is safe to touch. Returns why not, or NULL. */
static const char *map_bar(struct mapping *bar, char *run)
{
	if (mapping_open(bar, &mapping_pci_resource))
		return bar->why;
	if (!(bar->access & MAPPING_WRITE) || mapping_place(bar, run, BAR_PAGES))
		return "only a QEMU ivshmem-plain is known not to mind";
	return NULL;
}

TEST_F(edu, moves_good_memory_byte_for_byte)
{
	struct scene *s = &self->scene;

	if (!s->open)
		SUITE_SKIP("%s", s->why);
	ASSERT_EQ(0, vfio_map(&s->vfio, IOVA_GOOD, s->good, GOOD_PAGES * PAGE, true));
	EXPECT_TRUE(edu_copy(s->vfio.device, IOVA_GOOD + PAGE, IOVA_GOOD + 3 * PAGE, EDU_BYTES));
	EXPECT_TRUE(holds(s->good, SALT_EDU, 0));
	EXPECT_TRUE(holds(s->good + PAGE, SALT_EDU, 1));
	EXPECT_TRUE(holds(s->good + 2 * PAGE, SALT_EDU, 2));
	EXPECT_TRUE(pattern_holds(s->good + 3 * PAGE, PATTERN_ID(SALT_EDU, 1), 0, EDU_BYTES));
	EXPECT_TRUE(pattern_holds(s->good + 3 * PAGE, PATTERN_ID(SALT_EDU, 3), EDU_BYTES, PAGE));
	EXPECT_EQ((long long)(GOOD_PAGES * PAGE),
		  vfio_unmap(&s->vfio, IOVA_GOOD, GOOD_PAGES * PAGE));
}

TEST_F(edu, moves_bytes_over_the_end_of_a_page)
{
	struct scene *s = &self->scene;

	if (!s->open)
		SUITE_SKIP("%s", s->why);
	ASSERT_EQ(0, vfio_map(&s->vfio, IOVA_GOOD, s->good, GOOD_PAGES * PAGE, true));
	EXPECT_TRUE(edu_copy(s->vfio.device, IOVA_GOOD + 2 * PAGE, IOVA_GOOD + PAGE - 100, 200));
	EXPECT_EQ(0, memcmp(s->good + PAGE - 100, s->good + 2 * PAGE, 200));
	EXPECT_TRUE(pattern_holds(s->good, PATTERN_ID(SALT_EDU, 0), 0, PAGE - 100));
	EXPECT_TRUE(pattern_holds(s->good + PAGE, PATTERN_ID(SALT_EDU, 1), 100, PAGE));
}

/* Maps both for the device. Returns why not, or NULL. */
static const char *map_both(struct scene *s)
{
	const char *why = s->open ? map_bar(&s->bar, s->run) : s->why;

	if (why)
		return why;
	if (vfio_map(&s->vfio, IOVA_GOOD, s->good, GOOD_PAGES * PAGE, true))
		return "ordinary memory cannot be mapped for the device";
	return NULL;
}

TEST_F(edu, reads_the_frames_of_a_bar)
{
	struct scene *s = &self->scene;
	const char *why = map_both(s);

	if (why)
		SUITE_SKIP("%s", why);
	ASSERT_EQ(0, vfio_map(&s->vfio, IOVA_BAR, s->run, BAR_PAGES * PAGE, true));
	pattern_fill(s->run + 4 * PAGE, PATTERN_ID(SALT_EDU, 40), 0, PAGE);
	EXPECT_TRUE(edu_copy(s->vfio.device, IOVA_BAR + 4 * PAGE, IOVA_GOOD, EDU_BYTES));
	EXPECT_TRUE(pattern_holds(s->good, PATTERN_ID(SALT_EDU, 40), 0, EDU_BYTES));
	memset(s->run + 4 * PAGE, 0, PAGE);
}

TEST_F(edu, writes_the_frames_of_a_bar_where_the_host_finds_it)
{
	struct scene *s = &self->scene;
	const char *why = map_both(s);

	if (why)
		SUITE_SKIP("%s", why);
	ASSERT_EQ(0, vfio_map(&s->vfio, IOVA_BAR, s->run, BAR_PAGES * PAGE, true));
	EXPECT_TRUE(leave_page(s));
	EXPECT_TRUE(holds(s->run + LEFT_PAGE * PAGE, SALT_EDU, 1));
}

TEST_F(edu, may_reach_ranges_of_good_memory_and_a_bar)
{
	struct scene *s = &self->scene;
	const char *why = map_both(s);

	if (why)
		SUITE_SKIP("%s", why);
	ASSERT_EQ((long long)(GOOD_PAGES * PAGE),
		  vfio_unmap(&s->vfio, IOVA_GOOD, GOOD_PAGES * PAGE));
	EXPECT_STREQ("", map_ranges(&s->vfio, &s->bar));
}

TEST_F(edu, cannot_write_a_bar_that_it_may_only_read)
{
	struct scene *s = &self->scene;
	const char *why = map_both(s);

	if (why)
		SUITE_SKIP("%s", why);
	ASSERT_EQ(0, vfio_map(&s->vfio, IOVA_BAR, s->run, PAGE, false));
	pattern_fill(s->run, PATTERN_ID(SALT_EDU, 50), 0, PAGE);
	EXPECT_TRUE(edu_copy(s->vfio.device, IOVA_GOOD, IOVA_BAR, EDU_BYTES));
	EXPECT_TRUE(holds(s->run, SALT_EDU, 50));
	memset(s->run, 0, PAGE);
}

/*
 * The first frames of memory, by /dev/mem; or NULL with the reason in @why. On a PC they are RAM
 * that firmware has left.
 */
static char *map_first_frames(const char **why)
{
	int fd;
	char *at;

	*why = "only a PC is known to have RAM there";
	if (!reserved_as("System ROM", SYSTEM_ROM, PAGE))
		return NULL;
	fd = open("/dev/mem", O_RDONLY | O_CLOEXEC);
	*why = "no /dev/mem that can be read: CONFIG_DEVMEM, or run as root";
	if (fd < 0)
		return NULL;
	at = mmap(NULL, FIRST_FRAMES * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (at != MAP_FAILED && memcmp(at, at + PAGE, EDU_BYTES))
		return at;
	if (at != MAP_FAILED)
		munmap(at, FIRST_FRAMES * PAGE);
	*why = "the first frame of memory cannot be read, or is as the second one";
	return NULL;
}

/* vfio_pin_pages_remote() takes frame 0 for "no frame yet". */
TEST_F(edu, reads_the_first_frames_of_memory)
{
	struct scene *s = &self->scene;
	const char *why = s->why, *known;
	bool right;
	char *at;

	if (s->open)
		at = map_first_frames(&why);
	if (!s->open || !at)
		SUITE_SKIP("%s", why);
	if (!kernel_has(VFIO_BATCHES))
		SUITE_SKIP("vfio_unmap_unpin() warns of frame 0: needs 5.12");
	ASSERT_EQ(0, vfio_map(&s->vfio, IOVA_GOOD, s->good, PAGE, true));
	ASSERT_EQ(0, vfio_map(&s->vfio, IOVA_BAR, at, FIRST_FRAMES * PAGE, false));
	EXPECT_TRUE(edu_copy(s->vfio.device, IOVA_BAR + PAGE, IOVA_GOOD, EDU_BYTES));
	EXPECT_EQ(0, memcmp(s->good, at + PAGE, EDU_BYTES));
	EXPECT_TRUE(edu_copy(s->vfio.device, IOVA_BAR, IOVA_GOOD, EDU_BYTES));
	right = !memcmp(s->good, at, EDU_BYTES);
	munmap(at, FIRST_FRAMES * PAGE);
	known = defect_seen(VFIO_FRAME_ZERO, !right);
	if (known) {
		SUITE_XFAIL(known);
		return;
	}
	EXPECT_TRUE(right);
}

TEST_F(edu, cannot_reach_what_is_unmapped)
{
	struct scene *s = &self->scene;

	if (!s->open)
		SUITE_SKIP("%s", s->why);
	ASSERT_EQ(0, vfio_map(&s->vfio, IOVA_GOOD, s->good, PAGE, true));
	ASSERT_EQ(0, vfio_map(&s->vfio, IOVA_GOOD + PAGE, s->good + PAGE, PAGE, true));
	EXPECT_EQ((long long)PAGE, vfio_unmap(&s->vfio, IOVA_GOOD + PAGE, PAGE));
	EXPECT_TRUE(edu_copy(s->vfio.device, IOVA_GOOD, IOVA_GOOD + PAGE, EDU_BYTES));
	EXPECT_TRUE(holds(s->good + PAGE, SALT_EDU, 1));
}

SUITE_MAIN
