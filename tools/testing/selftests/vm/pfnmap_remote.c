// SPDX-License-Identifier: GPL-2.0
/*
 * Access to a process from outside: process_vm_readv() and writev(), /proc/PID/mem, ptrace, core
 * dumps and /proc/PID/environ; move_pages(), get_mempolicy() and performance events, which tell
 * where its pages are: every mapping. The gate page, which has no vma but which GUP knows. And more
 * pages than are taken at once.
 */
#include <sys/mman.h>
#include <sys/uio.h>

#define SUITE_PINNERS(PINNER) REMOTE_PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/environ.h"
#include "lib/oracle.h"
#include "lib/stage.h"
#include "pinners/access_remote_vm.h"

#ifdef __x86_64__
#define GATE_PAGE 0xffffffffff600000UL	/* VSYSCALL_ADDR, arch/x86 */
#else
#define GATE_PAGE 0UL
#endif

FIXTURE(gate_page)
{
	struct iovec page;
	struct pinner pinner;
	char bytes[MAX_PAGE];
	bool readable;		/* vsyscall=emulate */
	const char *why;	/* there is none */
};

FIXTURE_SETUP(gate_page)
{
	char line[256];
	FILE *maps = fopen("/proc/self/maps", "re");

	self->page = (struct iovec){ (void *)GATE_PAGE, PAGE };
	while (maps && fgets(line, sizeof(line), maps))
		self->readable |= strstr(line, "[vsyscall]") && strstr(line, " r-xp ");
	if (maps)
		fclose(maps);
	self->why = GATE_PAGE ? NULL : "only x86-64 has a gate page at a fixed address";
}

FIXTURE_TEARDOWN(gate_page) {}

/* mm/gup.c, get_gate_page(). Without emulation there is nothing to read. */
TEST_F(gate_page, is_read_as_the_cpu_reads_it)
{
	const struct iovec local = { self->bytes, PAGE };

	if (self->why)
		SUITE_SKIP("%s", self->why);
	EXPECT_EQ(self->readable ? (ssize_t)PAGE : -1,
		  process_vm_readv(getpid(), &local, 1, &self->page, 1, 0));
	if (!self->readable)
		SUITE_SKIP("nothing to compare: boot with vsyscall=emulate");
	EXPECT_EQ(0, memcmp(self->bytes, self->page.iov_base, PAGE));
}

TEST_F(gate_page, cannot_be_written)
{
	const struct iovec local = { self->bytes, PAGE };

	if (self->why)
		SUITE_SKIP("%s", self->why);
	EXPECT_EQ(-1, process_vm_writev(getpid(), &local, 1, &self->page, 1, 0));
	EXPECT_EQ(EFAULT, errno);
}

/* A pinner that checks addresses by access_ok(), as for iovecs, refuses the kernel's half. */
TEST_F(gate_page, is_no_buffer)
{
	struct pinner pinner;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	if (pinner_open(&pinner, &pinner_register_buffers))
		SUITE_SKIP("%s", pinner.why);
	EXPECT_EQ(-EFAULT, pinner.ops->take(&pinner, &self->page, 1));
	pinner_close(&pinner);
	if (pinner_open(&pinner, &pinner_direct))
		SUITE_SKIP("%s", pinner.why);
	EXPECT_EQ(-EFAULT,
		  pinner.ops->io(&pinner, TO_FILE, &self->page, 1, pinner.scratch->out_start));
	pinner_close(&pinner);
}

/*
 * Pinners that hand the address to the slow walk without access_ok(): it takes the page for
 * reading, with a pin or a reference as they ask for, and counts what they give back. VFIO would do
 * so, too, and keeps the page, which is PageReserved: VFIO_KEEPS_RESERVED.
 */
#define GATE_PINNERS(PINNER)	\
	PINNER(get)		\
	PINNER(get_remote)	\
	PINNER(pin)		\
	PINNER(pin_remote)	\
	PINNER(pin_unlocked)

static ssize_t owed_for_gate_page(unsigned int flags, bool readable)
{
	return readable && !(flags & FOLL_WRITE) ? (ssize_t)PAGE : -EFAULT;
}

static void take_gate_page(struct pinner *p, const struct iovec *page, bool readable, char *wrong,
			   size_t size)
{
	const unsigned int flags = p->ops->flags | (p->mode ? p->mode->flags : 0);
	ssize_t got = pinner_call(p, TO_FILE, page, 1);

	if (got != owed_for_gate_page(flags, readable))
		snprintf(wrong, size, "%s: %zd", p->mode ? p->mode->name : "call", got);
	if (got > 0 && p->ops->drop && p->ops->drop(p))
		snprintf(wrong, size, "what is held cannot be released");
}

static void take_in_each_mode(struct pinner *p, const struct iovec *page, bool readable,
			      char *wrong, size_t size)
{
	p->mode = p->ops->modes;
	do {
		take_gate_page(p, page, readable, wrong, size);
	} while (pinner_next_mode(p));
}

#define PINNER(pinner_name)								\
TEST_F(gate_page, pinner_name)								\
{											\
	struct pinner *p = &self->pinner;						\
	char what[256], wrong[256] = "";						\
	struct oracle before;								\
											\
	if (self->why)									\
		SUITE_SKIP("%s", self->why);						\
	if (pinner_open(p, &pinner_##pinner_name))					\
		SUITE_SKIP("%s", p->why);						\
	oracle_begin(&before);								\
	take_in_each_mode(p, &self->page, self->readable, wrong, sizeof(wrong));	\
	EXPECT_STREQ("", wrong);							\
	EXPECT_TRUE(oracle_balanced(&before, what, sizeof(what))) TH_LOG("%s", what);	\
	oracle_end(&before);								\
	pinner_close(p);								\
}
GATE_PINNERS(PINNER)
#undef PINNER

/* A page of each mapping, set as the environment of this process. */
FIXTURE(environment)
{
	struct stage stage;
	const char *why;
};

FIXTURE_VARIANT(environment)
{
	const struct mapping_ops *mapping;
};

#define MAPPING(name) FIXTURE_VARIANT_ADD(environment, name) { .mapping = &mapping_##name };
MAPPINGS(MAPPING)
#undef MAPPING

FIXTURE_SETUP(environment)
{
	self->why = stage_lay_out(&self->stage, variant->mapping, layout_named("P"), PAGE);
	if (!self->why)
		ASSERT_EQ(0, stage_set_tested(&self->stage));
}

FIXTURE_TEARDOWN(environment)
{
	if (self->stage.arena.base)
		stage_close(&self->stage);
}

TEST_F(environment, is_read_from_anonymous_memory_only)
{
	const struct mapping_props *m = &self->stage.mapping.props;
	char bytes[MAX_PAGE], what[128];
	ssize_t got;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	if (m->has_access && mapping_must_not_touch(&self->stage.mapping))
		SUITE_SKIP("the BAR would be read, which is not known to be memory");
	got = environ_read(self->stage.arena.anchor, PAGE, bytes);
	if (got == -EINVAL)
		SUITE_SKIP("the environment cannot be moved: CONFIG_CHECKPOINT_RESTORE");
	EXPECT_EQ((ssize_t)environ_bytes(m, &self->stage.buffer), got);
	if (got > 0)
		EXPECT_TRUE(stage_holds(&self->stage, 0, bytes, 0, got, what, sizeof(what)))
			TH_LOG("%s: %s", variant->mapping->name, what);
}

#define BATCH ((unsigned int)(PAGE / 4))	/* PVM_MAX_USER_PAGES, mm/process_vm_access.c */
#define LONG (BATCH + 6U)
#define HEAD 777UL	/* bytes of the first page that are left out */

/*
 * More pages than process_vm_readv() takes at once, from the middle of a page on, followed by a
 * hole.
 */
FIXTURE(long_range)
{
	char *ours, *theirs;
	struct iovec local, remote;
};

static char *long_pages(unsigned int salt)
{
	char *pages = mmap(NULL, (LONG + 1) * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned int i;

	if (pages == MAP_FAILED)
		return NULL;
	for (i = 0; i < LONG; i++)
		pattern_fill(pages + i * PAGE, PATTERN_ID(salt, i), 0, PAGE);
	munmap(pages + LONG * PAGE, PAGE);
	return pages;
}

/* The first page of @pages that does not hold @salt's bytes, or LONG. */
static unsigned int first_other(const char *pages, unsigned int salt)
{
	unsigned int i;

	for (i = 0; i < LONG; i++)
		if (!pattern_holds(pages + i * PAGE, PATTERN_ID(salt, i), i ? 0 : HEAD, PAGE))
			break;
	return i;
}

FIXTURE_SETUP(long_range)
{
	self->ours = long_pages(1);
	self->theirs = long_pages(2);
	ASSERT_NE(NULL, self->ours);
	ASSERT_NE(NULL, self->theirs);
	self->local = (struct iovec){ self->ours + HEAD, LONG * PAGE - HEAD };
	self->remote = (struct iovec){ self->theirs + HEAD, (LONG + 1) * PAGE - HEAD };
}

FIXTURE_TEARDOWN(long_range)
{
	munmap(self->ours, LONG * PAGE);
	munmap(self->theirs, LONG * PAGE);
}

TEST_F(long_range, is_read_up_to_the_hole)
{
	/* Asks for more than there is. */
	self->local.iov_len += HEAD;
	EXPECT_EQ((ssize_t)(LONG * PAGE - HEAD),
		  process_vm_readv(getpid(), &self->local, 1, &self->remote, 1, 0));
	EXPECT_EQ(LONG, first_other(self->ours, 2));
}

TEST_F(long_range, is_written_up_to_the_hole)
{
	EXPECT_EQ((ssize_t)(LONG * PAGE - HEAD),
		  process_vm_writev(getpid(), &self->local, 1, &self->remote, 1, 0));
	EXPECT_EQ(LONG, first_other(self->theirs, 1));
}

SUITE_MAIN
