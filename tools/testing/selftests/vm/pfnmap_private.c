// SPDX-License-Identifier: GPL-2.0
/*
 * Private mappings of memory without a struct page, of /dev/mem and of a BAR: a page that is
 * written becomes a copy, an ordinary page in a VM_PFNMAP vma. The copy has the right bytes and
 * belongs to one process, GUP-fast takes it and the slow walk does not, and fork() survives a lack
 * of memory.
 */
#include <sys/wait.h>

#define PRIVATE_PINNERS(PINNER)		\
	PINNER(register_buffers)	\
	PINNER(direct)			\
	PINNER(aio)			\
	PINNER(vmsplice)		\
	PINNER(process_vm)		\
	PINNER(type1)			\
	PINNER(get)			\
	PINNER(get_fast)		\
	PINNER(pin)			\
	PINNER(pin_fast)
#define SUITE_USES(PINNER) PRIVATE_PINNERS(PINNER)
#include "lib/suite.h"
#include "contract/defect.h"
#include "lib/fail_nth.h"
#include "lib/memory.h"
#include "lib/oracle.h"
#include "lib/zone.h"

#define PAGES 4U
#define WRITTEN(i) ((i) % 2)	/* these pages become copies */
#define SALT_SOURCE 29
#define SALT_COPY 31
#define MOST_FAILURES 4000U		/* of allocations of one fork(), more than there are */

FIXTURE(copied)
{
	struct memory memory;		/* the source, mapped shared */
	char found[PAGES * MAX_PAGE];	/* what the source had */
	char *page;			/* the private mapping */
	struct oracle before;
	const char *why;
};

FIXTURE_VARIANT(copied)
{
	const struct mapping_ops *source;
};

FIXTURE_VARIANT_ADD(copied, devmem_ram) { &mapping_devmem_ram };
FIXTURE_VARIANT_ADD(copied, pci_resource) { &mapping_pci_resource };

static const char *map_private(struct memory *m, char *found, char **page)
{
	unsigned int i;

	if (!(m->mapping.access & MAPPING_WRITE))
		return "its memory must not be written";
	*page = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, m->mapping.fd,
		     m->mapping.offset);
	if (*page == MAP_FAILED)
		return strerror(errno);
	memcpy(found, m->base, PAGES * PAGE);
	for (i = 0; i < PAGES; i++)
		pattern_fill(m->base + i * PAGE, PATTERN_ID(SALT_SOURCE, i), 0, PAGE);
	return NULL;
}

/* The first half of every second page is written, which copies the other half. */
FIXTURE_SETUP(copied)
{
	struct memory *m = &self->memory;
	unsigned int i;

	self->why = memory_open(m, variant->source, PAGES);
	if (self->why)
		return;
	self->why = map_private(m, self->found, &self->page);
	if (self->why) {
		memory_close(m);
		return;
	}
	oracle_begin(&self->before);
	for (i = 0; i < PAGES; i++)
		if (WRITTEN(i))
			pattern_fill(self->page + i * PAGE, PATTERN_ID(SALT_COPY, i), 0, PAGE / 2);
}

FIXTURE_TEARDOWN(copied)
{
	char what[256];

	if (self->why)
		return;
	munmap(self->page, PAGES * PAGE);
	EXPECT_TRUE(oracle_balanced(&self->before, what, sizeof(what))) TH_LOG("%s", what);
	oracle_end(&self->before);
	memcpy(self->memory.base, self->found, PAGES * PAGE);
	memory_close(&self->memory);
}

/* The first page of the private mapping that is wrong, or -1. */
static int wrong_page(const char *page)
{
	unsigned int i, salt;

	for (i = 0; i < PAGES; i++, page += PAGE) {
		salt = WRITTEN(i) ? SALT_COPY : SALT_SOURCE;
		if (!pattern_holds(page, PATTERN_ID(salt, i), 0, PAGE / 2) ||
		    !pattern_holds(page, PATTERN_ID(SALT_SOURCE, i), PAGE / 2, PAGE))
			return i;
	}
	return -1;
}

/* The first page of the source that was written, or -1. */
static int changed_page(const struct memory *m)
{
	unsigned int i;

	for (i = 0; i < PAGES; i++)
		if (!pattern_holds(m->base + i * PAGE, PATTERN_ID(SALT_SOURCE, i), 0, PAGE))
			return i;
	return -1;
}

TEST_F(copied, has_what_was_written_and_what_was_there)
{
	if (self->why)
		SUITE_SKIP("%s", self->why);
	EXPECT_EQ(-1, wrong_page(self->page));
	EXPECT_EQ(-1, changed_page(&self->memory));
}

/* The child's exit status: 0, or 1 + the wrong page; -errno without a child. */
static int in_child(char *page)
{
	pid_t child = fork();
	int status = -1;

	if (child < 0)
		return -errno;
	if (!child) {
		int wrong = wrong_page(page);

		/* What the child writes, copies and the source's pages alike, is its own. */
		memset(page, 0xee, PAGES * PAGE);
		_exit(1 + wrong);
	}
	waitpid(child, &status, 0);
	return status;
}

TEST_F(copied, is_inherited_over_fork_and_stays_its_owners)
{
	if (self->why)
		SUITE_SKIP("%s", self->why);
	EXPECT_EQ(0, in_child(self->page));
	EXPECT_EQ(-1, wrong_page(self->page));
	EXPECT_EQ(-1, changed_page(&self->memory));
}

TEST_F(copied, lets_a_process_fork_when_it_is_the_first_page)
{
	const char *known;
	int status;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	pattern_fill(self->page, PATTERN_ID(SALT_SOURCE, 0), 0, PAGE);
	status = in_child(self->page);
	known = defect_seen(COPY_KEEPS_FROM_FORK, status == -ENOMEM);
	if (known) {
		SUITE_XFAIL(known);
		return;
	}
	EXPECT_EQ(0, status);
}

/* Forks while the @n-th allocation of this task fails; the exit status: has one failed? */
static int fork_without_memory(unsigned int n)
{
	char why[256];
	bool failed;
	pid_t child;

	if (fail_nth_begin(why, sizeof(why)))
		return false;
	fail_nth_arm(n);
	child = fork();
	if (!child)
		_exit(0);
	failed = fail_nth_disarm();
	if (child > 0)
		waitpid(child, NULL, 0);
	return failed;
}

/*
 * In a child, which may be killed by what fails: its own page fault behind the fork(). False when
 * nothing has failed, as fork() has no more allocations.
 */
static bool fork_fails(unsigned int n)
{
	pid_t child = fork();
	int status = 1;

	if (!child)
		_exit(fork_without_memory(n));
	if (child > 0)
		waitpid(child, &status, 0);
	return status;
}

TEST_F(copied, survives_a_fork_that_has_no_memory)
{
	char why[256];
	unsigned int n;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	if (fail_nth_begin(why, sizeof(why)))
		SUITE_SKIP("%s", why);
	for (n = 1; n < MOST_FAILURES && fork_fails(n); n++)
		;
	fail_nth_end();
	printf("# %u allocations failed\n", n - 1);
	EXPECT_LT(1u, n);
	EXPECT_LT(n, MOST_FAILURES);
	EXPECT_EQ(-1, wrong_page(self->page));
	EXPECT_EQ(0, in_child(self->page));
}

/* What is known of page @i of the private mapping. VFIO's own fault for writing copies it, too. */
static struct mapping_props props_of(const struct memory *m, unsigned int i)
{
	struct mapping_props p = m->mapping.props;

	p.vm_flags &= ~VM_SHARED;
	p.special = !WRITTEN(i);
	p.reserved = false;
	return p;
}

/* The result of @p for page @i of the private mapping is what the contract owes. */
static bool is_as_owed(struct pinner *p, const struct memory *m, char *page, unsigned int i,
		       ssize_t *got)
{
	const struct mapping_props props = props_of(m, i);
	static struct buffer b;
	struct call call;

	layout_fit(&b, layout_named("P"), page + i * PAGE, 1, PAGE);
	b.touched = true;
	call = pinner_contract(p, TO_FILE, &props, &b);
	*got = pinner_call(p, TO_FILE, b.iov, b.niov);
	if (contract_met(contract_verdict(&call), *got))
		return true;
	/* GUP-fast leaves pages of ZONE_MOVABLE; pagemap shows nothing of VM_PFNMAP to tell. */
	call.fast_misses = zone_matters(call.flags);
	return contract_met(contract_verdict(&call), *got);
}

/* I/O: the file has the page's bytes. */
static bool has_moved(const struct pinner *p, const char *page)
{
	static char seen[MAX_PAGE] __aligned(MAX_PAGE);

	return !p->ops->io ||
	       (pread(p->scratch->out, seen, PAGE, p->scratch->out_start) == (ssize_t)PAGE &&
		!memcmp(seen, page, PAGE));
}

#define PINNER(name)								\
TEST_F(copied, name)								\
{										\
	static struct pinner pinner, *const p = &pinner;			\
	unsigned int i;								\
	ssize_t got;								\
										\
	if (self->why)								\
		SUITE_SKIP("%s", self->why);					\
	if (pinner_open(p, &pinner_##name))					\
		SUITE_SKIP("%s", p->why);					\
	p->mode = p->ops->modes;						\
	for (i = 0; i < 2; i++) {						\
		EXPECT_TRUE(is_as_owed(p, &self->memory, self->page, i, &got))	\
			TH_LOG("page %u: %zd", i, got);				\
		if (got > 0)							\
			EXPECT_TRUE(has_moved(p, self->page + i * PAGE));	\
		if (got > 0 && p->ops->drop)					\
			EXPECT_EQ(0, p->ops->drop(p));				\
	}									\
	pinner_close(p);							\
	EXPECT_EQ(-1, wrong_page(self->page));					\
	EXPECT_EQ(-1, changed_page(&self->memory));				\
}
PRIVATE_PINNERS(PINNER)
#undef PINNER

SUITE_MAIN
