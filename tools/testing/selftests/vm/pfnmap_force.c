// SPDX-License-Identifier: GPL-2.0
/*
 * A debugger writes into memory that its owner may only read (FOLL_FORCE): what is written is a
 * copy of the process's own, and whoever else has the page keeps what it had. That is where Dirty
 * COW was (can_follow_write_pte(), can_follow_write_pmd(), mm/gup.c).
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define FORCE_PINNERS(PINNER)	\
	PINNER(proc_mem)	\
	PINNER(ptrace)
#define SUITE_USES(PINNER) FORCE_PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/memory.h"
#include "lib/oracle.h"

#define PAGES 4U
#define WRITTEN 1U		/* the page that is written; its neighbours are not */
#define SALT_OWN 61
#define SALT_FILE 67

struct forced;

/* How the memory came to be, and what its pages hold. */
struct kind {
	const char *(*make)(struct forced *f);
	unsigned int salt;	/* 0: zeros */
	bool inherited;		/* another process has the pages, too */
	bool refused;		/* no COW mapping: the other owner would see it */
};

FIXTURE(forced)
{
	struct forced {
		struct memory memory;	/* behind a huge page */
		char *base;
		size_t size;
		int file;	/* behind the mapping, or -1 */
		int peer;	/* the other process, or -1 */
		pid_t child;
	} forced;
	struct oracle before;
	struct pinner pinner;
	const char *why;
};

FIXTURE_VARIANT(forced)
{
	struct kind kind;
};

static pattern_id id_of(unsigned int salt, unsigned int i)
{
	return salt ? PATTERN_ID(salt, i) : PATTERN_ZERO;
}

static void fill(char *base, unsigned int salt)
{
	unsigned int i;

	for (i = 0; i < PAGES; i++)
		pattern_fill(base + i * PAGE, id_of(salt, i), 0, PAGE);
}

static const char *map(struct forced *f, int prot, int flags)
{
	f->size = PAGES * PAGE;
	f->base = mmap(NULL, f->size, prot, flags, f->file, 0);
	return f->base == MAP_FAILED ? strerror(errno) : NULL;
}

/* From here on its owner may only read it. */
static const char *protect(struct forced *f)
{
	return mprotect(f->base, f->size, PROT_READ) ? strerror(errno) : NULL;
}

static const char *make_anon(struct forced *f)
{
	const char *why = map(f, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);

	if (why)
		return why;
	fill(f->base, SALT_OWN);
	return protect(f);
}

/* Maps it to be read, and reads it: the pages that others have, too, must be there. */
static const char *map_and_read(struct forced *f, int flags)
{
	const char *why = map(f, PROT_READ, flags);
	unsigned int i;

	for (i = 0; !why && i < PAGES; i++)
		(void)*(volatile char *)(f->base + i * PAGE);
	return why;
}

static const char *make_zero(struct forced *f)
{
	return map_and_read(f, MAP_PRIVATE | MAP_ANONYMOUS);
}

static const char *make_thp(struct forced *f)
{
	const char *why = memory_open(&f->memory, &mapping_thp, PAGES);

	if (why)
		return why;
	f->base = f->memory.base;
	f->size = f->memory.pages * PAGE;
	fill(f->base, SALT_OWN);
	return protect(f);
}

static const char *make_file(struct forced *f)
{
	char page[MAX_PAGE];
	unsigned int i;

	f->file = memfd_create("pfnmap-force", MFD_CLOEXEC);
	for (i = 0; i < PAGES; i++) {
		pattern_fill(page, PATTERN_ID(SALT_FILE, i), 0, PAGE);
		if (pwrite(f->file, page, PAGE, i * PAGE) != (ssize_t)PAGE)
			return "no memfd (CONFIG_MEMFD_CREATE)";
	}
	return NULL;
}

static const char *make_private(struct forced *f)
{
	return make_file(f) ?: map_and_read(f, MAP_PRIVATE);
}

static const char *make_copied(struct forced *f)
{
	const char *why = make_file(f) ?: map(f, PROT_READ | PROT_WRITE, MAP_PRIVATE);

	if (why)
		return why;
	fill(f->base, SALT_OWN);
	return protect(f);
}

static const char *make_shared(struct forced *f)
{
	return make_file(f) ?: map_and_read(f, MAP_SHARED);
}

#define KIND(name, ...) FIXTURE_VARIANT_ADD(forced, name) { .kind = { __VA_ARGS__ } };
KIND(own, make_anon, SALT_OWN, false, false)
KIND(inherited, make_anon, SALT_OWN, true, false)
KIND(zero_page, make_zero, 0, false, false)
KIND(huge, make_thp, SALT_OWN, false, false)
KIND(huge_inherited, make_thp, SALT_OWN, true, false)
KIND(private_file, make_private, SALT_FILE, false, false)
KIND(copy_of_a_file, make_copied, SALT_OWN, false, false)
KIND(copy_inherited, make_copied, SALT_OWN, true, false)
KIND(shared_file, make_shared, SALT_FILE, false, true)

/* The first page that does not have what was there before, but for @except; or -1. */
static int changed_page(const char *base, unsigned int salt, unsigned int except)
{
	unsigned int i;

	for (i = 0; i < PAGES; i++)
		if (i != except && !pattern_holds(base + i * PAGE, id_of(salt, i), 0, PAGE))
			return i;
	return -1;
}

/* The child has the pages until it is asked what they hold. */
static pid_t inherit(struct forced *f, unsigned int salt)
{
	int ends[2];
	char byte;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -1;
	f->peer = ends[0];
	f->child = fork();
	if (!f->child) {
		close(ends[0]);
		if (read(ends[1], &byte, 1) != 1)
			_exit(100);
		_exit(1 + changed_page(f->base, salt, PAGES));
	}
	close(ends[1]);
	return f->child;
}

/* 0, or 1 + the page that changed; -1 when the child is gone. */
static int ask_child(struct forced *f)
{
	int status = -1;

	if (send(f->peer, "", 1, MSG_NOSIGNAL) != 1)
		return -1;
	waitpid(f->child, &status, 0);
	f->child = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

FIXTURE_SETUP(forced)
{
	struct forced *f = &self->forced;

	f->file = f->peer = -1;
	oracle_begin(&self->before);
	self->why = variant->kind.make(f);
	if (!self->why && variant->kind.inherited && inherit(f, variant->kind.salt) < 0)
		self->why = strerror(errno);
}

FIXTURE_TEARDOWN(forced)
{
	struct forced *f = &self->forced;
	char what[256];

	if (f->peer >= 0)
		close(f->peer);
	if (f->child > 0)
		waitpid(f->child, NULL, 0);
	if (f->memory.base)
		memory_close(&f->memory);
	else
		munmap(f->base, f->size);
	if (f->file >= 0)
		close(f->file);
	EXPECT_TRUE(oracle_balanced(&self->before, what, sizeof(what))) TH_LOG("%s", what);
	oracle_end(&self->before);
}

/* The first page of the file that is not what it was, or -1. */
static int changed_in_file(int file)
{
	static char pages[PAGES * MAX_PAGE];

	if (file < 0)
		return -1;
	if (pread(file, pages, PAGES * PAGE, 0) != (ssize_t)(PAGES * PAGE))
		return 0;
	return changed_page(pages, SALT_FILE, PAGES);
}

/* Is the zero page still zeros? Everybody has it. */
static bool zero_page_is_clean(void)
{
	char *page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool clean = page != MAP_FAILED && pattern_holds(page, PATTERN_ZERO, 0, PAGE);

	munmap(page, PAGE);
	return clean;
}

/* Does this kernel let @ops write where its caller may not? */
static bool forces(const struct pinner_ops *ops)
{
	return ops != &pinner_proc_mem || !kernel_has(PROC_MEM_FORCE_PTRACE);
}

static ssize_t force(struct pinner *p, char *page)
{
	const struct iovec iov = { page, PAGE };

	return p->ops->io(p, FROM_FILE, &iov, 1, 0);
}

#define PINNER(name)									\
TEST_F(forced, name)									\
{											\
	const struct kind *k = &variant->kind;						\
	struct forced *f = &self->forced;						\
	struct pinner *p = &self->pinner;						\
	ssize_t got;									\
											\
	if (self->why)									\
		SUITE_SKIP("%s", self->why);						\
	if (pinner_open(p, &pinner_##name))						\
		SUITE_SKIP("%s", p->why);						\
	got = force(p, f->base + WRITTEN * PAGE);					\
	pinner_close(p);								\
	if (k->refused || !forces(&pinner_##name)) {					\
		EXPECT_EQ(-EIO, got);							\
		EXPECT_EQ(-1, changed_page(f->base, k->salt, PAGES));			\
	} else {									\
		EXPECT_EQ((ssize_t)PAGE, got);						\
		EXPECT_TRUE(pattern_holds(f->base + WRITTEN * PAGE, scratch_in_id(0), 0, PAGE)); \
		EXPECT_EQ(-1, changed_page(f->base, k->salt, WRITTEN));			\
	}										\
	EXPECT_EQ(-1, changed_in_file(f->file));					\
	EXPECT_TRUE(zero_page_is_clean());						\
	if (k->inherited)								\
		EXPECT_EQ(0, ask_child(f));						\
}
FORCE_PINNERS(PINNER)
#undef PINNER

SUITE_MAIN
