// SPDX-License-Identifier: GPL-2.0
/*
 * GUP called directly, by pfnmap_test.ko: every function and flag, every mapping. A result must not
 * count a slot of pages[] that was not written. Also faults that fail, and stale slots.
 */
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>

#define SUITE_PINNERS(PINNER) GUP_PINNERS(PINNER)
#include "lib/suite.h"
#include "mappings/module.h"
#include "lib/stage.h"

static const struct pinner_ops *const gup_pinners[] = {
#define PINNER(name) &pinner_##name,
	GUP_PINNERS(PINNER)
#undef PINNER
};

/* A page of a mapping whose faults fail first, and a process that pins it. */
struct faulty {
	struct mapping mapping;
	struct pinner pinner;
	char *page;
};

static bool faulty_open(struct faulty *f, const struct module_fault *how,
			const struct pinner_ops *pinner, const char **why)
{
	*why = f->pinner.why;
	if (pinner_open(&f->pinner, pinner))
		return false;
	*why = f->mapping.why;
	if (mapping_open_faulty(&f->mapping, how)) {
		pinner_close(&f->pinner);
		return false;
	}
	f->page = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return !mapping_place(&f->mapping, f->page, 1);
}

static void faulty_close(struct faulty *f)
{
	munmap(f->page, PAGE);
	mapping_close(&f->mapping);
	pinner_close(&f->pinner);
}

static ssize_t faulty_take(struct faulty *f, const struct pinner_mode *mode)
{
	const struct iovec iov = { f->page, PAGE };

	f->pinner.mode = mode;
	f->pinner.complaint[0] = '\0';
	return f->pinner.ops->take(&f->pinner, &iov, 1);
}

FIXTURE(fault)
{
	struct faulty faulty;
};

FIXTURE_VARIANT(fault)
{
	enum pfnmap_test_fault answer;
	int err;
};

/* faultin_page(): vm_fault_to_errno(), and a retry where the fault handler asks for one. */
FIXTURE_VARIANT_ADD(fault, oom) { PFNMAP_TEST_FAULT_OOM, ENOMEM };
FIXTURE_VARIANT_ADD(fault, sigbus) { PFNMAP_TEST_FAULT_SIGBUS, EFAULT };
FIXTURE_VARIANT_ADD(fault, sigsegv) { PFNMAP_TEST_FAULT_SIGSEGV, EFAULT };
FIXTURE_VARIANT_ADD(fault, hwpoison) { PFNMAP_TEST_FAULT_HWPOISON, EFAULT };
FIXTURE_VARIANT_ADD(fault, nopage) { PFNMAP_TEST_FAULT_NOPAGE, 0 };
FIXTURE_VARIANT_ADD(fault, retry) { PFNMAP_TEST_FAULT_RETRY, 0 };

FIXTURE_SETUP(fault) {}

FIXTURE_TEARDOWN(fault) {}

TEST_F(fault, that_fails_once_is_told_and_works_afterwards)
{
	const struct module_fault once = { .answer = variant->answer, .fails = 1 };
	const struct pinner_mode *mode;
	struct faulty *f = &self->faulty;
	const char *why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(gup_pinners); i++) {
		for (mode = gup_pinners[i]->modes; mode->name; mode++) {
			if (!faulty_open(f, &once, gup_pinners[i], &why))
				SUITE_SKIP("%s", why);
			if (variant->err)
				EXPECT_EQ(-variant->err, faulty_take(f, mode));
			EXPECT_EQ((ssize_t)PAGE, faulty_take(f, mode));
			EXPECT_STREQ("", f->pinner.complaint);
			EXPECT_EQ(2u, mapping_faults(&f->mapping))
				TH_LOG("%s, %s", gup_pinners[i]->name, mode->name);
			EXPECT_EQ(0, f->pinner.ops->drop(&f->pinner));
			EXPECT_EQ(0, f->mapping.ops->held(&f->mapping));
			faulty_close(f);
		}
	}
}

FIXTURE(slow_fault)
{
	struct faulty faulty;
};

FIXTURE_SETUP(slow_fault) {}

FIXTURE_TEARDOWN(slow_fault) {}

TEST_F(slow_fault, is_waited_for)
{
	const struct module_fault slow = { .delay_ms = 20 };
	struct faulty *f = &self->faulty;
	const char *why;

	if (!faulty_open(f, &slow, &pinner_pin, &why))
		SUITE_SKIP("%s", why);
	EXPECT_EQ((ssize_t)PAGE, faulty_take(f, pinner_pin.modes));
	EXPECT_EQ(1u, mapping_faults(&f->mapping));
	faulty_close(f);
}

TEST_F(slow_fault, dies_with_its_process_and_holds_nothing)
{
	const struct module_fault slow = { .delay_ms = PFNMAP_TEST_DELAY_MS };
	struct faulty *f = &self->faulty;
	struct timespec start, end;
	const char *why;
	int status;
	pid_t child;

	if (!faulty_open(f, &slow, &pinner_pin, &why))
		SUITE_SKIP("%s", why);
	clock_gettime(CLOCK_MONOTONIC, &start);
	child = fork();
	if (!child)
		_exit(faulty_take(f, pinner_pin.modes) == -EINTR);
	ASSERT_LT(0, child);
	while (!mapping_faults(&f->mapping))
		sched_yield();
	EXPECT_EQ(0, kill(child, SIGKILL));
	EXPECT_EQ(child, waitpid(child, &status, 0));
	clock_gettime(CLOCK_MONOTONIC, &end);
	EXPECT_LT(end.tv_sec - start.tv_sec, PFNMAP_TEST_DELAY_MS / 1000 / 2);
	EXPECT_EQ(0, f->mapping.ops->held(&f->mapping));
	faulty_close(f);
}

/*
 * The report behind 7196040e19ad: vfio pins ordinary memory and then P, a batch each. When the walk
 * leaves P's slot out, the slot still has a page of the batch before, and P is taken for that page.
 */
FIXTURE(stale_slot)
{
	struct stage stage;
	struct pinner pinner;
};

FIXTURE_VARIANT(stale_slot)
{
	const struct mapping_ops *mapping;
};

FIXTURE_VARIANT_ADD(stale_slot, mod_ram) { .mapping = &mapping_mod_ram };
FIXTURE_VARIANT_ADD(stale_slot, mod_late) { .mapping = &mapping_mod_late };
FIXTURE_VARIANT_ADD(stale_slot, mod_special) { .mapping = &mapping_mod_special };
FIXTURE_VARIANT_ADD(stale_slot, cramfs) { .mapping = &mapping_cramfs };

FIXTURE_SETUP(stale_slot) {}

FIXTURE_TEARDOWN(stale_slot) {}

static const char *lay_batches_out(struct stage *s, struct pinner *p,
				   const struct mapping_ops *mapping)
{
	const char *why;

	if (pinner_open(p, &pinner_pin_batched))
		return p->why;
	why = stage_lay_out(s, mapping, layout_named("G512P"), PAGE);
	if (why)
		return why;
	p->mode = p->ops->modes;
	return stage_set_tested(s) ? "its pages cannot be laid out behind a batch" : NULL;
}

/* The first page taken that does not have its own bytes, or their number. */
static unsigned int first_foreign(struct stage *s, struct pinner *p, unsigned int taken,
				  char *what, size_t size)
{
	char page[MAX_PAGE];
	unsigned int i;

	for (i = 0; i < taken; i++) {
		if (p->ops->move(p, TO_FILE, arena_page(&s->arena, &s->buffer, i), PAGE, 0,
				 p->scratch->out_start) != (ssize_t)PAGE ||
		    pread(p->scratch->out, page, PAGE, p->scratch->out_start) != (ssize_t)PAGE) {
			snprintf(what, size, "there is no page");
			return i;
		}
		if (!stage_holds(s, i, page, 0, PAGE, what, size))
			return i;
	}
	return taken;
}

/* The known defect that explains @got bytes, if the contract does not. */
static const struct defect *defect_of(struct stage *s, struct pinner *p, ssize_t got)
{
	struct call call = pinner_contract(p, TO_FILE, &s->mapping.props, &s->buffer);
	struct verdict want = contract_verdict(&call);

	if (contract_met(want, got))
		return NULL;
	return defect_find(&call, want, (struct verdict){ .bytes = got });
}

TEST_F(stale_slot, gives_no_page_of_the_batch_before)
{
	const char *why = lay_batches_out(&self->stage, &self->pinner, variant->mapping);
	struct pinner *p = &self->pinner;
	char what[128] = "";
	const struct defect *known;
	unsigned int taken;
	ssize_t got;

	if (why)
		SUITE_SKIP("%s", why);
	got = p->ops->take(p, self->stage.buffer.iov, self->stage.buffer.niov);
	ASSERT_LE((ssize_t)(LAYOUT_FAR * PAGE), got);
	taken = got / PAGE;
	known = defect_of(&self->stage, p, got);
	if (known) {
		p->ops->drop(p);
		SUITE_XFAIL(defect_reference(known));
		return;
	}
	EXPECT_EQ(taken, first_foreign(&self->stage, p, taken, what, sizeof(what)))
		TH_LOG("%s: what GUP gave for this page: %s", variant->mapping->name, what);
	EXPECT_STREQ("", p->complaint);
	EXPECT_EQ(0, p->ops->drop(p));
	stage_close(&self->stage);
	pinner_close(p);
}

/* The module may be loaded on machines in use: it must refuse what it cannot do right. */
FIXTURE(module)
{
	int fd;
	char why[256];
};

FIXTURE_SETUP(module)
{
	self->fd = test_module_open(self->why, sizeof(self->why));
}

FIXTURE_TEARDOWN(module)
{
	if (self->fd >= 0)
		close(self->fd);
}

/* Each of these would be a BUG() or a WARN() in the kernel, or cannot be done. */
static const struct pfnmap_test_setup nonsense[] = {
	{ .pages = 0 },
	{ .pages = PFNMAP_TEST_PAGES + 1 },
	{ .pages = 1, .memory = PFNMAP_TEST_BAR + 1 },
	{ .pages = 1, .vma = PFNMAP_TEST_PFNMAP },
	{ .pages = 1, .vma = PFNMAP_TEST_PFNMAP | PFNMAP_TEST_MIXEDMAP,
	  .special = PFNMAP_TEST_ALL },
	{ .pages = 1, .special = PFNMAP_TEST_ALL },
	{ .pages = 1, .vma = PFNMAP_TEST_IO, .special = PFNMAP_TEST_ODD },
	{ .pages = 1, .vma = PFNMAP_TEST_MIXEDMAP, .flags = PFNMAP_TEST_HUGE },
	{ .pages = 1,
	  .vma = PFNMAP_TEST_PFNMAP,
	  .flags = PFNMAP_TEST_LATE,
	  .special = PFNMAP_TEST_ALL },
	{ .pages = 1, .fails = PFNMAP_TEST_FAILS + 1 },
	{ .pages = 1, .delay_ms = PFNMAP_TEST_DELAY_MS + 1 },
	{ .memory = PFNMAP_TEST_RAM },
};

TEST_F(module, refuses_a_setup_that_makes_no_sense)
{
	struct pfnmap_test_setup good = { .pages = 2 }, bad;
	size_t i;

	if (self->fd < 0)
		SUITE_SKIP("%s", self->why);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, PAGE, PROT_READ, MAP_SHARED, self->fd, 0));
	EXPECT_EQ(ENODEV, errno);
	for (i = 0; i < ARRAY_SIZE(nonsense); i++) {
		bad = nonsense[i];
		EXPECT_EQ(-1, ioctl(self->fd, PFNMAP_TEST_SETUP, &bad)) TH_LOG("setup %zu", i);
		EXPECT_EQ(EINVAL, errno) TH_LOG("setup %zu", i);
	}
	EXPECT_EQ(0, ioctl(self->fd, PFNMAP_TEST_SETUP, &good));
	EXPECT_EQ(-1, ioctl(self->fd, PFNMAP_TEST_SETUP, &good));
	EXPECT_EQ(EBUSY, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, self->fd, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, 3 * PAGE, PROT_READ, MAP_SHARED, self->fd, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, PAGE, PROT_READ, MAP_SHARED, self->fd, 2 * PAGE));
	EXPECT_EQ(EINVAL, errno);
}

TEST_F(module, refuses_a_gup_that_the_api_forbids)
{
	static const struct pfnmap_test_gup forbidden[] = {
		{ .pages = 0 },
		{ .pages = PFNMAP_TEST_PAGES + 1 },
		{ .pages = 1, .addr = 1 },
		{ .pages = 1, .call = PFNMAP_TEST_PIN_UNLOCKED + 1 },
		{ .pages = 1, .call = PFNMAP_TEST_GET, .flags = PFNMAP_TEST_LONGTERM },
		{ .pages = 1, .call = PFNMAP_TEST_PIN, .flags = PFNMAP_TEST_NO_PAGES },
		{ .pages = 1, .call = PFNMAP_TEST_PIN_UNLOCKED, .flags = PFNMAP_TEST_LONGTERM },
		{ .pages = 1, .flags = 2 * PFNMAP_TEST_STALE },
	};
	struct pfnmap_test_move nothing_held = { .len = 1 };
	struct pfnmap_test_gup gup;
	size_t i;

	if (self->fd < 0)
		SUITE_SKIP("%s", self->why);
	for (i = 0; i < ARRAY_SIZE(forbidden); i++) {
		gup = forbidden[i];
		EXPECT_EQ(-1, ioctl(self->fd, PFNMAP_TEST_GUP, &gup)) TH_LOG("gup %zu", i);
		EXPECT_EQ(EINVAL, errno) TH_LOG("gup %zu", i);
	}
	EXPECT_EQ(-1, ioctl(self->fd, PFNMAP_TEST_MOVE, &nothing_held));
	EXPECT_EQ(ENOENT, errno);
}

TEST_F(module, counts_a_vma_in_and_out_and_gives_back_what_a_closed_file_held)
{
	struct pfnmap_test_setup setup = { .pages = 4 };
	struct pfnmap_test_gup gup = { .pages = 4, .call = PFNMAP_TEST_PIN };
	struct pfnmap_test_stats stats;
	char *at, why[256];
	int other;

	if (self->fd < 0)
		SUITE_SKIP("%s", self->why);
	ASSERT_EQ(0, ioctl(self->fd, PFNMAP_TEST_SETUP, &setup));
	at = mmap(NULL, 4 * PAGE, PROT_READ, MAP_SHARED, self->fd, 0);
	ASSERT_NE(MAP_FAILED, at);
	other = test_module_open(why, sizeof(why));
	gup.addr = (uintptr_t)at;
	ASSERT_EQ(0, ioctl(other, PFNMAP_TEST_GUP, &gup));
	EXPECT_EQ(4, gup.result);
	/* Splits the vma in two. */
	EXPECT_EQ(0, munmap(at + PAGE, PAGE));
	ASSERT_EQ(0, ioctl(self->fd, PFNMAP_TEST_STATS, &stats));
	EXPECT_EQ(4u, stats.pinned);
	EXPECT_EQ(stats.opens, stats.closes + 2);
	close(other);
	EXPECT_EQ(0, munmap(at, 4 * PAGE));
	ASSERT_EQ(0, ioctl(self->fd, PFNMAP_TEST_STATS, &stats));
	EXPECT_EQ(0u, stats.pinned);
	EXPECT_EQ(0u, stats.held);
	EXPECT_EQ(stats.opens, stats.closes);
}

SUITE_MAIN
