// SPDX-License-Identifier: GPL-2.0
/*
 * Every pinner, refused. Once: a page that is put twice is soon in other hands, and the kernel dies
 * of it before a cell can report it. And many times: kernel memory that a refusal keeps, such as
 * its pages[], is no pin and no charge, but it adds up.
 */
#include <limits.h>
#include <sys/mman.h>

#define SUITE_USES(PINNER) PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/arena.h"
#include "contract/defect.h"
#include "lib/kernel_memory.h"
#include "lib/patience.h"

#define MOST 512U	/* pages of a buffer */
#define FEWEST 16U
#define KEPT 128L	/* KiB that a round keeps, if each call keeps the pointers to its pages */

/*
 * Others take memory, too, but not in every round. What is freed late, as rings are by a worker,
 * makes the slabs grow until they have room for all that is ever alive at once: the rings of a
 * round, with 16 KiB each at most (io_ring_ctx, its hash table, its caches). On 7.3 that was 112
 * KiB in one round, or 64 KiB in each of three. A leak goes on for longer.
 */
#define LATE (KEPT * 1024 / (long)(MOST * sizeof(void *)) * 16)	/* KiB */
#define ROUNDS (LATE / (KEPT / 2))

/* One page, followed by a hole that the buffer reaches into. */
FIXTURE(refused)
{
	struct pinner pinner;
	struct iovec buffer;
	char *base;
};

FIXTURE_VARIANT(refused)
{
	const struct pinner_ops *pinner;
};

#define PINNER(name) FIXTURE_VARIANT_ADD(refused, name) { .pinner = &pinner_##name };
PINNERS(PINNER)
#undef PINNER

/* Pages that the pinner's buffers may have, up to MOST. */
static size_t most_pages(const struct pinner_ops *ops)
{
	return pinner_max_pages(ops) < MOST ? pinner_max_pages(ops) : MOST;
}

FIXTURE_SETUP(refused)
{
	self->base =
		mmap(NULL, MOST * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->base);
	munmap(self->base + PAGE, (MOST - 1) * PAGE);
	pattern_fill(self->base, PATTERN_ID(1, 0), 0, PAGE);
	self->buffer = (struct iovec){ self->base, most_pages(variant->pinner) * PAGE };
}

FIXTURE_TEARDOWN(refused)
{
	munmap(self->base, PAGE);
}

/* True when the buffer was refused, or not taken whole. */
static bool refuse(struct pinner *p, const struct iovec *buffer)
{
	ssize_t got = pinner_call(p, TO_FILE, buffer, 1);

	if (got >= 0 && p->ops->drop)
		p->ops->drop(p);
	return got != (ssize_t)buffer->iov_len;
}

/* A file's page, mapped privately and unwritten; nothing else holds it. */
TEST_F(refused, puts_a_page_as_often_as_it_was_taken)
{
	const struct pinner_ops *ops = variant->pinner;
	int file = memfd_create("pfnmap-refused", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	bool refused, balanced;

	ASSERT_LE(0, file);
	ASSERT_EQ((ssize_t)PAGE, pwrite(file, self->base, PAGE, 0));
	ASSERT_EQ(self->base,
		  mmap(self->base, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, file, 0));
	if (ops->in_child || most_pages(ops) < 2)
		SUITE_SKIP("it takes no page before one that is refused");
	if (pinner_open(&self->pinner, ops))
		SUITE_SKIP("%s", self->pinner.why);
	self->pinner.mode = ops->modes;
	refused = refuse(&self->pinner, &self->buffer);
	pinner_close(&self->pinner);
	/*
	 * The page is still mapped: when its last mapping goes, a page that was put too often is
	 * freed.
	 */
	balanced = arena_file_unreferenced(file);
	close(file);
	EXPECT_TRUE(refused);
	EXPECT_TRUE(balanced) TH_LOG("the page before a hole was put too often, or is still held: F_SEAL_WRITE");
}

/* KiB that the kernel has more after @calls refusals. Clears *@refused if a call succeeded. */
static long cost(struct pinner *p, const struct iovec *buffer, long calls, bool *refused)
{
	long kib, before = kernel_memory();
	struct patience patience;

	while (calls--)
		*refused &= refuse(p, buffer);
	patience_begin_short(&patience);
	do {
		kib = kernel_memory() - before;
	} while (kib >= KEPT / 2 && patience_wait(&patience));
	return kib;
}

/* Does every round of @calls cost as much as a leak would? */
static bool every_round_costs(struct pinner *p, const struct iovec *buffer, long calls,
			      bool *refused)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		if (cost(p, buffer, calls, refused) < KEPT / 2)
			return false;
	return true;
}

/* And would it, without a call? Other processes make the kernel take memory, too. */
static bool costs_memory(struct pinner *p, const struct iovec *buffer, bool *refused)
{
	long calls = KEPT * 1024 / (buffer->iov_len / PAGE * sizeof(void *));

	return every_round_costs(p, buffer, calls, refused) &&
	       !every_round_costs(p, buffer, 0, refused);
}

TEST_F(refused, costs_no_kernel_memory)
{
	const struct pinner_ops *ops = variant->pinner;
	const struct defect *known = defect_find_flaw(ops, KEEPS_MEMORY);
	bool refused = true, costs;

	if (kernel_memory() == LONG_MIN)
		SUITE_SKIP("run as root: only root can read the kernel's exact memory counters");
	if (ops->in_child || most_pages(ops) < FEWEST)
		SUITE_SKIP("it would take too many refusals to see: too few pages, or a child for each");
	if (pinner_open(&self->pinner, ops))
		SUITE_SKIP("%s", self->pinner.why);
	self->pinner.mode = ops->modes;
	defect_look_for(known);
	costs = costs_memory(&self->pinner, &self->buffer, &refused);
	pinner_close(&self->pinner);
	EXPECT_TRUE(refused);
	if (costs && known) {
		SUITE_XFAIL(defect_reference(known));
		return;
	}
	EXPECT_FALSE(costs)
		TH_LOG("the kernel has %ld KiB more, and again in each of %ld rounds", KEPT / 2,
		       ROUNDS);
}

SUITE_MAIN
