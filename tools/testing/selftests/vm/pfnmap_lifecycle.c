// SPDX-License-Identifier: GPL-2.0
/*
 * Pins while address spaces change, and memory under test that is forked, cut and moved: every
 * mapping. I/O goes to the pages that were pinned, never to what is mapped there now.
 */
#include <sys/wait.h>

#define SUITE_USES(PINNER) PINNER(register_buffers) PINNER(process_vm)
#include "lib/suite.h"
#include "contract/vma.h"
#include "lib/oracle.h"
#include "lib/stage.h"

/* An ordinary page that io_uring holds, and a mapping to put over it. */
struct held {
	struct stage stage;
	struct pinner pinner;
	struct oracle before;
};

static const char *hold(struct held *h, const struct mapping_ops *mapping, const char *layout)
{
	struct buffer *b = &h->stage.buffer;
	const char *why;

	oracle_begin(&h->before);
	why = stage_lay_out(&h->stage, mapping, layout_named(layout), PAGE);
	if (why)
		return why;
	if (pinner_open(&h->pinner, &pinner_register_buffers)) {
		stage_close(&h->stage);
		return h->pinner.why;
	}
	if (h->pinner.ops->take(&h->pinner, b->iov, b->niov) == (ssize_t)b->len)
		return NULL;
	pinner_close(&h->pinner);
	stage_close(&h->stage);
	return "ordinary pages cannot be registered: ulimit -l 8192";
}

static const char *hold_good(struct held *h, const struct mapping_ops *mapping)
{
	return hold(h, mapping, "P");
}

/* Names what was kept; the ring must be closed before the page can be released. */
static bool let_go(struct held *h, char *what, size_t size)
{
	bool balanced;

	h->pinner.ops->drop(&h->pinner);
	pinner_close(&h->pinner);
	stage_close(&h->stage);
	balanced = oracle_balanced(&h->before, what, size);
	oracle_end(&h->before);
	if (balanced && !arena_unreferenced(&h->stage.arena)) {
		snprintf(what, size, "the ordinary page is still held: F_SEAL_WRITE: %s",
			 strerror(errno));
		return false;
	}
	return balanced;
}

/* Held page @i itself, wherever it is mapped, as its file shows it. */
static bool held_page_has(struct held *h, unsigned int i, pattern_id id)
{
	char page[MAX_PAGE];

	return pread(h->stage.arena.good, page, PAGE, i * PAGE) == (ssize_t)PAGE &&
	       pattern_holds(page, id, 0, PAGE);
}

static bool page_goes_to_the_file(struct held *h, unsigned int i)
{
	return pinner_sees(&h->pinner, arena_page(&h->stage.arena, &h->stage.buffer, i),
			   arena_good_id(i));
}

static bool page_gets_the_file(struct held *h, unsigned int i)
{
	struct pinner *p = &h->pinner;

	return p->ops->move(p, FROM_FILE, arena_page(&h->stage.arena, &h->stage.buffer, i), PAGE, 0,
			    0) == (ssize_t)PAGE && held_page_has(h, i, scratch_in_id(0));
}

static bool held_page_goes_to_the_file(struct held *h)
{
	return page_goes_to_the_file(h, 0);
}

static bool held_page_gets_the_file(struct held *h)
{
	return page_gets_the_file(h, 0);
}

/* The mapping over the page must not have changed. */
static bool cover_is_untouched(struct held *h, char *what, size_t size)
{
	const char *page = stage_view(&h->stage, 0);

	return !page || stage_holds(&h->stage, 0, page, 0, PAGE, what, size);
}

FIXTURE(covered)
{
	struct held held;
};

FIXTURE_VARIANT(covered)
{
	const struct mapping_ops *mapping;
};

#define MAPPING(name) FIXTURE_VARIANT_ADD(covered, name) { .mapping = &mapping_##name };
MAPPINGS(MAPPING)
#undef MAPPING

FIXTURE_SETUP(covered) {}

FIXTURE_TEARDOWN(covered) {}

TEST_F(covered, a_registered_page_is_still_the_one_that_io_goes_to)
{
	struct held *h = &self->held;
	const char *why = hold_good(h, variant->mapping);
	char what[256] = "";

	if (why)
		SUITE_SKIP("%s", why);
	ASSERT_EQ(0, stage_set_tested(&h->stage));
	EXPECT_TRUE(held_page_goes_to_the_file(h));
	EXPECT_TRUE(held_page_gets_the_file(h));
	EXPECT_TRUE(cover_is_untouched(h, what, sizeof(what))) TH_LOG("%s", what);
	EXPECT_TRUE(let_go(h, what, sizeof(what))) TH_LOG("%s", what);
}

TEST_F(covered, gives_way_to_a_good_page_that_is_put_over_it)
{
	struct held *h = &self->held;
	const char *why = hold_good(h, variant->mapping);
	char what[256] = "";

	if (why)
		SUITE_SKIP("%s", why);
	ASSERT_EQ(0, stage_set_tested(&h->stage));
	EXPECT_EQ(0, h->pinner.ops->drop(&h->pinner));
	stage_clear(&h->stage);
	ASSERT_EQ(0, stage_set_good(&h->stage));
	EXPECT_EQ((ssize_t)PAGE, h->pinner.ops->take(&h->pinner, h->stage.buffer.iov, 1));
	EXPECT_TRUE(held_page_goes_to_the_file(h));
	EXPECT_TRUE(let_go(h, what, sizeof(what))) TH_LOG("%s", what);
}

/* Four ordinary pages in one registered buffer, and changes of their mapping. */
FIXTURE(four_pages)
{
	struct held held;
	const char *why;
};

FIXTURE_SETUP(four_pages)
{
	self->why = hold(&self->held, &mapping_anon, "GPGG");
}

FIXTURE_TEARDOWN(four_pages)
{
	char what[256] = "";

	if (!self->why)
		EXPECT_TRUE(let_go(&self->held, what, sizeof(what))) TH_LOG("%s", what);
}

/* All four pages go to the file and come from it, wherever they are mapped. */
static bool all_pages_move(struct held *h)
{
	unsigned int i;

	for (i = 0; i < h->stage.buffer.pages; i++)
		if (!page_goes_to_the_file(h, i) || !page_gets_the_file(h, i))
			return false;
	return true;
}

static bool unmap_page(struct held *h, unsigned int i)
{
	return !munmap(arena_page(&h->stage.arena, &h->stage.buffer, i), PAGE);
}

static bool protect_pages(struct held *h, int prot)
{
	return !mprotect(arena_page(&h->stage.arena, &h->stage.buffer, 0), h->stage.buffer.len,
			 prot);
}

TEST_F(four_pages, stay_held_when_their_middle_is_unmapped)
{
	if (self->why)
		SUITE_SKIP("%s", self->why);
	EXPECT_TRUE(unmap_page(&self->held, 1));
	EXPECT_TRUE(unmap_page(&self->held, 2));
	EXPECT_TRUE(all_pages_move(&self->held));
}

TEST_F(four_pages, stay_held_when_their_ends_are_unmapped)
{
	if (self->why)
		SUITE_SKIP("%s", self->why);
	EXPECT_TRUE(unmap_page(&self->held, 0));
	EXPECT_TRUE(unmap_page(&self->held, 3));
	EXPECT_TRUE(all_pages_move(&self->held));
}

TEST_F(four_pages, stay_held_when_they_are_moved_away)
{
	struct held *h = &self->held;
	void *from, *to;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	from = arena_page(&h->stage.arena, &h->stage.buffer, 0);
	to = mremap(from, h->stage.buffer.len, h->stage.buffer.len, MREMAP_MAYMOVE | MREMAP_FIXED,
		    h->stage.arena.base);
	EXPECT_EQ(to, (void *)h->stage.arena.base);
	EXPECT_TRUE(all_pages_move(h));
}

/* Access was checked when the page was pinned; mprotect() changes only the mapping. */
TEST_F(four_pages, stay_held_when_they_are_protected)
{
	if (self->why)
		SUITE_SKIP("%s", self->why);
	EXPECT_TRUE(protect_pages(&self->held, PROT_NONE));
	EXPECT_TRUE(all_pages_move(&self->held));
	EXPECT_TRUE(protect_pages(&self->held, PROT_READ));
	EXPECT_TRUE(protect_pages(&self->held, PROT_READ | PROT_WRITE));
}

FIXTURE(process)
{
	struct held held;
};

FIXTURE_SETUP(process) {}

FIXTURE_TEARDOWN(process) {}

static long vm_pin_of_one_page(const struct held *h)
{
	const struct call call = pinner_contract(&h->pinner, TO_FILE, &h->stage.mapping.props,
						 &h->stage.buffer);

	return h->pinner.ops->vm_pin(&call, 1);
}

TEST_F(process, that_forks_keeps_its_pins_and_the_child_has_none)
{
	struct held *h = &self->held;
	const char *why = hold_good(h, &mapping_anon);
	struct charges charges;
	char what[256] = "";
	int status;
	pid_t child;

	if (why)
		SUITE_SKIP("%s", why);
	child = fork();
	if (!child) {
		oracle_charges(&charges);
		_exit(charges.vm_pin > 0);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
	oracle_charges(&charges);
	EXPECT_EQ(h->before.charges.vm_pin + vm_pin_of_one_page(h), charges.vm_pin);
	EXPECT_TRUE(held_page_goes_to_the_file(h));
	EXPECT_TRUE(held_page_gets_the_file(h));
	EXPECT_TRUE(let_go(h, what, sizeof(what))) TH_LOG("%s", what);
}

/* Memory under test itself, two pages that nothing holds. */
FIXTURE(tested)
{
	struct stage stage;
	bool laid_out;
};

FIXTURE_VARIANT(tested)
{
	const struct mapping_ops *mapping;
};

#define MAPPING(name) FIXTURE_VARIANT_ADD(tested, name) { .mapping = &mapping_##name };
MAPPINGS(MAPPING)
#undef MAPPING

FIXTURE_SETUP(tested) {}

FIXTURE_TEARDOWN(tested)
{
	if (self->laid_out)
		stage_close(&self->stage);
}

static const char *lay_out(struct stage *s, const struct mapping_ops *mapping)
{
	const char *why = stage_lay_out(s, mapping, layout_named("PP"), PAGE);

	if (why)
		return why;
	return stage_set_tested(s) ? "the pages cannot be laid out" : NULL;
}

/* Can a child read the first page of the run by a system call? -1 without a child. */
static int child_reads(const struct stage *s)
{
	int status = -1;
	pid_t child = fork();

	if (!child)
		_exit(stage_cpu_reads(s));
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(tested, is_inherited_over_fork_unless_its_flags_say_otherwise)
{
	struct stage *s = &self->stage;
	const char *why = lay_out(s, variant->mapping);

	self->laid_out = !why;
	if (why)
		SUITE_SKIP("%s", why);
	if (mapping_must_not_touch(&s->mapping))
		SUITE_SKIP("the CPU would read the BAR, which is not known to be memory");
	EXPECT_EQ(dup_mmap(&s->mapping.props), child_reads(s))
		TH_LOG("VmFlags:%s", s->mapping.vm_flags);
}

/* Is the result of process_vm_readv() for the pages under test what the contract says? */
static bool is_as_owed(struct stage *s, const struct mapping_props *m)
{
	static char bytes[2 * MAX_PAGE];
	const struct iovec local = { bytes, s->buffer.len };
	const struct pinner p = { .ops = &pinner_process_vm };
	const struct call call = pinner_contract(&p, TO_FILE, m, &s->buffer);
	ssize_t got;

	got = process_vm_readv(getpid(), &local, 1, s->buffer.iov, 1, 0);
	return contract_met(contract_verdict(&call), got < 0 ? -errno : got);
}

TEST_F(tested, is_protected_and_again_what_it_was)
{
	struct stage *s = &self->stage;
	const char *why = lay_out(s, variant->mapping);
	const struct mapping_props *m = &s->mapping.props;
	struct mapping_props none;
	int prot;

	self->laid_out = !why;
	if (!why)
		why = defect_left_out(&pinner_process_vm, m);
	if (why)
		SUITE_SKIP("%s", why);
	if (mapping_must_not_touch(&s->mapping) || !m->vm_flags || m->pfnmap_on_fault)
		SUITE_SKIP("%s", "it cannot be read, or is another one once it was");
	prot = (m->vm_flags & VM_READ ? PROT_READ : 0) | (m->vm_flags & VM_WRITE ? PROT_WRITE : 0);
	none = mprotect_fixup(m);
	EXPECT_TRUE(is_as_owed(s, m));
	EXPECT_EQ(0, mprotect(s->arena.anchor, s->buffer.run * PAGE, PROT_NONE));
	EXPECT_TRUE(is_as_owed(s, &none));
	EXPECT_EQ(0, mprotect(s->arena.anchor, s->buffer.run * PAGE, prot));
	EXPECT_TRUE(is_as_owed(s, m));
}

/* Resizes by mremap() where there is room, and undoes it. 0 or errno. */
static int resize(struct stage *s, size_t from, size_t to)
{
	char *at = s->arena.anchor;
	void *moved = mremap(at, from * PAGE, to * PAGE, MREMAP_MAYMOVE);

	if (moved == MAP_FAILED)
		return errno;
	if (moved != at)
		munmap(moved, to * PAGE);
	return 0;
}

TEST_F(tested, grows_only_where_its_flags_let_it)
{
	struct stage *s = &self->stage;
	const char *why = lay_out(s, variant->mapping);
	size_t run;

	self->laid_out = !why;
	if (why)
		SUITE_SKIP("%s", why);
	run = s->buffer.run;
	EXPECT_EQ(vma_to_resize(&s->mapping.props), resize(s, run, run + 1))
		TH_LOG("VmFlags:%s", s->mapping.vm_flags);
}

SUITE_MAIN
