// SPDX-License-Identifier: GPL-2.0
/*
 * What is pinned while address spaces change, and what becomes of tested memory that is forked, cut and
 * moved: every mapping. I/O goes to the pages that were pinned, never to what lies there now.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "lib/suite.h"
#include "lib/oracle.h"
#include "lib/stage.h"

/* A good page that io_uring holds, and a mapping to put over it. */
struct held {
	struct stage stage;
	struct pinner pinner;
	struct oracle before;
};

static const char *hold_good(struct held *h, const struct mapping_ops *mapping)
{
	struct buffer *b = &h->stage.buffer;
	const char *why;

	oracle_begin(&h->before);
	if (pinner_open(&h->pinner, &pinner_register_buffers))
		return h->pinner.why;
	why = stage_lay_out(&h->stage, mapping, layout_named("P"), 1);
	if (why)
		return why;
	if (h->pinner.ops->take(&h->pinner, b->iov, b->niov) != (ssize_t)PAGE)
		return "a good page cannot be registered: ulimit -l 8192";
	return NULL;
}

/* Names what was left behind; the ring must be gone before the page can be let go of. */
static bool let_go(struct held *h, char *what, size_t size)
{
	bool balanced;

	h->pinner.ops->drop(&h->pinner);
	pinner_close(&h->pinner);
	stage_close(&h->stage);
	balanced = oracle_balanced(&h->before, what, size);
	oracle_end(&h->before);
	if (balanced && !arena_unreferenced(&h->stage.arena)) {
		snprintf(what, size, "the good page is still held: F_SEAL_WRITE: %s",
			 strerror(errno));
		return false;
	}
	return balanced;
}

/* The held page itself, wherever it is mapped: its file has it. */
static bool held_page_has(struct held *h, pattern_id id)
{
	char page[PAGE];

	return pread(h->stage.arena.good, page, PAGE, 0) == (ssize_t)PAGE &&
	       pattern_holds(page, id, 0, PAGE);
}

static bool held_page_goes_to_the_file(struct held *h)
{
	struct pinner *p = &h->pinner;
	off_t at = p->scratch->out_start + SCRATCH_SLOT;
	char page[PAGE];

	return p->ops->move(p, TO_FILE, h->stage.buffer.iov[0].iov_base, PAGE, 0, at) ==
	       (ssize_t)PAGE && pread(p->scratch->out, page, PAGE, at) == (ssize_t)PAGE &&
	       pattern_holds(page, arena_good_id(0), 0, PAGE);
}

static bool held_page_gets_the_file(struct held *h)
{
	struct pinner *p = &h->pinner;

	return p->ops->move(p, FROM_FILE, h->stage.buffer.iov[0].iov_base, PAGE, 0, 0) ==
	       (ssize_t)PAGE && held_page_has(h, scratch_in_id(0));
}

/* What came over the page must not have changed. */
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
		SKIP(return, "%s", why);
	ASSERT_EQ(0, stage_set_tested(&h->stage));
	EXPECT_TRUE(held_page_goes_to_the_file(h));
	EXPECT_TRUE(held_page_gets_the_file(h));
	EXPECT_TRUE(cover_is_untouched(h, what, sizeof(what))) TH_LOG("%s", what);
	EXPECT_TRUE(let_go(h, what, sizeof(what))) TH_LOG("%s", what);
}

FIXTURE(process)
{
	struct held held;
};

FIXTURE_SETUP(process) {}

FIXTURE_TEARDOWN(process) {}

/* The child ends by itself, or is killed while it waits. */
static void end_child(pid_t child, bool kill_it)
{
	if (kill_it)
		kill(child, SIGKILL);
	waitpid(child, NULL, 0);
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
		SKIP(return, "%s", why);
	child = fork();
	if (!child) {
		oracle_charges(&charges);
		_exit(charges.vm_pin > 0);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
	oracle_charges(&charges);
	EXPECT_EQ(h->before.charges.vm_pin + 1, charges.vm_pin);
	EXPECT_TRUE(held_page_goes_to_the_file(h));
	EXPECT_TRUE(held_page_gets_the_file(h));
	EXPECT_TRUE(let_go(h, what, sizeof(what))) TH_LOG("%s", what);
}

/* Forks a child that holds a good page and then ends in one way or another. */
static const char *hold_in_child(struct held *h, bool kill_it)
{
	int ready[2];
	char said = 0;
	pid_t child;

	if (pipe(ready))
		return "no pipe";
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		said = hold_good(h, &mapping_anon) ? 'n' : 'y';
		if (write(ready[1], &said, 1) != 1 || !kill_it)
			_exit(0);
		pause();
	}
	if (read(ready[0], &said, 1) != 1)
		said = 'n';
	end_child(child, kill_it);
	close(ready[0]);
	close(ready[1]);
	return said == 'y' ? NULL : "a good page cannot be registered: ulimit -l 8192";
}

TEST_F(process, that_exits_leaves_no_pins)
{
	const char *why;
	char what[256];

	oracle_begin(&self->held.before);
	why = hold_in_child(&self->held, false);
	if (why)
		SKIP(return, "%s", why);
	EXPECT_TRUE(oracle_balanced(&self->held.before, what, sizeof(what))) TH_LOG("%s", what);
}

TEST_F(process, that_is_killed_leaves_no_pins)
{
	const char *why;
	char what[256];

	oracle_begin(&self->held.before);
	why = hold_in_child(&self->held, true);
	if (why)
		SKIP(return, "%s", why);
	EXPECT_TRUE(oracle_balanced(&self->held.before, what, sizeof(what))) TH_LOG("%s", what);
}

/* Tested memory itself, at two pages that nobody holds. */
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

/* Whether the kernel can read the first page of the run in a child. */
static int child_reads(struct stage *s)
{
	int pipe_ends[2], status = -1;
	pid_t child;

	if (pipe(pipe_ends))
		return -1;
	child = fork();
	if (!child)
		_exit(write(pipe_ends[1], s->arena.anchor, 1) == 1);
	waitpid(child, &status, 0);
	close(pipe_ends[0]);
	close(pipe_ends[1]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(tested, is_inherited_over_fork_unless_its_flags_say_otherwise)
{
	struct stage *s = &self->stage;
	const char *why = lay_out(s, variant->mapping);
	const struct mapping_props *m = &s->mapping.props;
	bool inherited;

	self->laid_out = !why;
	if (why)
		SKIP(return, "%s", why);
	if (mapping_must_not_touch(&s->mapping))
		SKIP(return, "the CPU would read the BAR, which is not known to be memory");
	inherited = !m->not_copied && m->cpu_pages && m->readable;
	EXPECT_EQ(inherited, child_reads(s)) TH_LOG("VmFlags:%s", s->mapping.vm_flags);
}

/* mremap() to another size where there is room; it is put back. 0 or errno. */
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

/* mm/mremap.c, vma_to_resize(): VM_DONTEXPAND and VM_PFNMAP do not grow. */
TEST_F(tested, grows_only_where_its_flags_let_it)
{
	struct stage *s = &self->stage;
	const char *why = lay_out(s, variant->mapping);
	size_t run;
	int err;

	self->laid_out = !why;
	if (why)
		SKIP(return, "%s", why);
	run = s->buffer.run;
	err = mapping_has_flag(&s->mapping, "de") || s->mapping.props.pfnmap ||
	      s->mapping.props.absent ? EFAULT : 0;
	EXPECT_EQ(err, resize(s, run, run + 1)) TH_LOG("VmFlags:%s", s->mapping.vm_flags);
}

SUITE_MAIN
