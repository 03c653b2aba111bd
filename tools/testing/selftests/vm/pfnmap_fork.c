// SPDX-License-Identifier: GPL-2.0
/*
 * Private memory that is pinned, and a fork before or after it: the pinned pages stay with the
 * process that has pinned them, whoever writes first. A fork copies them for the child
 * (copy_present_page(), copy_huge_pmd()), and a pin for reading takes no page that is shared
 * (gup_must_unshare()).
 */
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define SUITE_USES(PINNER) HOLDING_PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/oracle.h"

#define MOST 4U			/* pages that are pinned */
#define ROOM (LAYOUT_RUN * PAGE)
#define SALT_BEFORE 14
#define SALT_HOLDER 15
#define SALT_OTHER 16

/* One process pins, the holder, and the other one does not. */
static const struct scene {
	const char *name;
	bool pinned_before;	/* the fork */
	bool child_holds;
	bool other_writes_first;
} scenes[] = {
	{ "pin, fork, the holder writes", true, false, false },
	{ "pin, fork, the child writes", true, false, true },
	{ "fork, pin, the holder writes", false, false, false },
	{ "fork, pin, the child writes", false, false, true },
	{ "fork, pin in the child, the holder writes", false, true, false },
	{ "fork, pin in the child, the parent writes", false, true, true },
};

struct forked {
	const struct mapping_ops *ops;
	const struct pinner_ops *pinner_ops;
	const struct pinner_mode *mode;
	const struct scene *scene;
	struct mapping memory;
	struct pinner pinner;
	char *room;
	unsigned int pages;
	unsigned long long frames[MOST];	/* when they were pinned */
	int peer;				/* a socket to the other process */
	char *wrong;				/* of both processes: the first failure, or "" */
};

FIXTURE(fork)
{
	struct forked forked;
};

FIXTURE_VARIANT(fork)
{
	const struct mapping_ops *memory;
};

/* A private mapping of a file that is written to: copies of the file's pages. */
static int private_open(struct mapping *m)
{
	m->fd = memfd_create("pfnmap-private", MFD_CLOEXEC);
	m->pages = MOST;
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE;
	if (m->fd < 0 || ftruncate(m->fd, m->pages * PAGE))
		return mapping_skip(m, "memfd_create: %s (CONFIG_MEMFD_CREATE)", strerror(errno));
	return 0;
}

static int private_place(struct mapping *m, void *addr, size_t pages)
{
	return mmap(addr, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, m->fd,
		    0) == MAP_FAILED ? -errno : 0;
}

static const struct mapping_ops private_file = {
	.name = "private_file",
	.control = true,
	.open = private_open,
	.place = private_place,
};

FIXTURE_VARIANT_ADD(fork, anon) { &mapping_anon };
FIXTURE_VARIANT_ADD(fork, private_file) { &private_file };
FIXTURE_VARIANT_ADD(fork, thp) { &mapping_thp };

FIXTURE_SETUP(fork)
{
	self->forked.ops = variant->memory;
	self->forked.wrong =
		mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->forked.wrong);
}

FIXTURE_TEARDOWN(fork)
{
	munmap(self->forked.wrong, PAGE);
}

static void complain(struct forked *f, const char *what, unsigned int page)
{
	if (!f->wrong[0])
		snprintf(f->wrong, PAGE, "%s%s%s: page %u: %s", f->mode ? f->mode->name : "",
			 f->mode ? ": " : "", f->scene->name, page, what);
}

static void write_all(struct forked *f, unsigned int salt)
{
	unsigned int i;

	for (i = 0; i < f->pages; i++)
		pattern_fill(f->room + i * PAGE, PATTERN_ID(salt, i), 0, PAGE);
}

static void check_all(struct forked *f, unsigned int salt, const char *what)
{
	unsigned int i;

	for (i = 0; i < f->pages; i++)
		if (!pattern_holds(f->room + i * PAGE, PATTERN_ID(salt, i), 0, PAGE))
			complain(f, what, i);
}

static void check_frames(struct forked *f)
{
	unsigned int i;

	for (i = 0; i < f->pages; i++)
		if (oracle_frame(f->room + i * PAGE) != f->frames[i])
			complain(f, "the holder has another page now than the one it pinned", i);
}

/* What the kernel finds in the pages that it holds. */
static void check_moved(struct forked *f)
{
	struct pinner *p = &f->pinner;
	off_t at = scratch_short_slot(p->scratch, 0);
	char page[MAX_PAGE] __aligned(MAX_PAGE);
	unsigned int i;

	if (!p->ops->move)
		return;
	for (i = 0; i < f->pages; i++)
		if (p->ops->move(p, TO_FILE, f->room + i * PAGE, PAGE, 0, at) != (ssize_t)PAGE ||
		    pread(p->scratch->out, page, PAGE, at) != (ssize_t)PAGE ||
		    !pattern_holds(page, PATTERN_ID(SALT_HOLDER, i), 0, PAGE))
			complain(f, "the kernel does not see what the holder wrote", i);
}

static bool pin(struct forked *f)
{
	const struct iovec iov = { f->room, f->pages * PAGE };
	unsigned int i;

	if (pinner_open(&f->pinner, f->pinner_ops)) {
		complain(f, f->pinner.why, 0);
		return false;
	}
	f->pinner.mode = f->mode;
	if (f->pinner_ops->take(&f->pinner, &iov, 1) != (ssize_t)iov.iov_len) {
		complain(f, "it cannot be pinned", 0);
		pinner_close(&f->pinner);
		return false;
	}
	for (i = 0; i < f->pages; i++)
		f->frames[i] = oracle_frame(f->room + i * PAGE);
	return true;
}

static void unpin(struct forked *f)
{
	if (f->pinner_ops->drop(&f->pinner))
		complain(f, "it cannot be unpinned", 0);
	pinner_close(&f->pinner);
}

/* One process after the other: this one goes on, then lets the peer go on. */
static void pass(struct forked *f)
{
	if (write(f->peer, "", 1) != 1)
		complain(f, "the other process is gone", 0);
}

static void await(struct forked *f)
{
	char byte;

	if (read(f->peer, &byte, 1) != 1)
		complain(f, "the other process is gone", 0);
}

static void hold(struct forked *f)
{
	if (!f->scene->pinned_before && !pin(f))
		return;
	if (f->scene->other_writes_first) {
		pass(f);
		await(f);
	}
	write_all(f, SALT_HOLDER);
	if (!f->scene->other_writes_first) {
		pass(f);
		await(f);
	}
	check_frames(f);
	check_all(f, SALT_HOLDER, "the holder does not see what it wrote");
	check_moved(f);
	unpin(f);
}

static void be_the_other(struct forked *f)
{
	await(f);
	check_all(f, SALT_BEFORE, "the other process does not see what was there at the fork");
	write_all(f, SALT_OTHER);
	pass(f);
	check_all(f, SALT_OTHER, "the other process does not see what it wrote");
}

static void play(struct forked *f, bool is_child)
{
	if (f->scene->child_holds == is_child)
		hold(f);
	else
		be_the_other(f);
}

static void fork_and_play(struct forked *f)
{
	int ends[2], status = 0;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends)) {
		complain(f, strerror(errno), 0);
		return;
	}
	child = fork();
	f->peer = ends[!child];
	close(ends[!!child]);
	play(f, !child);
	close(f->peer);
	if (!child)
		_exit(0);
	if (waitpid(child, &status, 0) != child || status)
		complain(f, "the child died", 0);
}

static void play_in(struct forked *f, size_t pages)
{
	f->room = mapping_room(ROOM);
	if (!f->room || mapping_place(&f->memory, f->room, pages)) {
		complain(f, "the memory cannot be placed", 0);
		return;
	}
	write_all(f, SALT_BEFORE);
	if (!f->scene->pinned_before || pin(f))
		fork_and_play(f);
	mapping_unplace(&f->memory, f->room, pages);
	munmap(f->room, ROOM);
}

/* With new memory. */
static void try_scene(struct forked *f)
{
	if (mapping_open(&f->memory, f->ops)) {
		complain(f, f->memory.why, 0);
		return;
	}
	play_in(f, f->memory.granule > 1 ? f->memory.granule : MOST);
	mapping_close(&f->memory);
}

/* Before 5.19 a pin for reading took pages that another process has, too. */
static bool is_owed(const struct forked *f)
{
	unsigned int flags = f->pinner_ops->flags | (f->mode ? f->mode->flags : 0);

	return f->scene->pinned_before || flags & FOLL_WRITE || kernel_has(PINS_UNSHARE);
}

static void try_scenes(struct forked *f, const struct pinner_mode *mode)
{
	size_t i;

	f->mode = mode;
	for (i = 0; i < ARRAY_SIZE(scenes); i++) {
		f->scene = &scenes[i];
		if (is_owed(f))
			try_scene(f);
	}
}

static void try_modes(struct forked *f)
{
	const struct pinner_mode *mode = f->pinner_ops->modes;

	if (!mode)
		try_scenes(f, NULL);
	for (; mode && mode->name; mode++)
		try_scenes(f, mode);
}

/* Returns NULL, or why nothing can be tested. */
static const char *open_forked(struct forked *f, const struct pinner_ops *ops)
{
	if (mapping_open(&f->memory, f->ops))
		return f->memory.why;
	mapping_close(&f->memory);
	if (pinner_open(&f->pinner, ops))
		return f->pinner.why;
	pinner_close(&f->pinner);
	f->pinner_ops = ops;
	f->pages = pinner_max_pages(ops) < MOST ? pinner_max_pages(ops) : MOST;
	return NULL;
}

#define PINNER(name)							\
TEST_F(fork, name)							\
{									\
	struct forked *f = &self->forked;				\
	const char *why = open_forked(f, &pinner_##name);		\
	struct oracle before;						\
	char what[256];							\
	bool balanced;							\
									\
	if (why)							\
		SUITE_SKIP("%s", why);					\
	oracle_begin(&before);						\
	try_modes(f);							\
	balanced = oracle_balanced(&before, what, sizeof(what));	\
	oracle_end(&before);						\
	EXPECT_STREQ("", f->wrong);					\
	EXPECT_TRUE(balanced) TH_LOG("%s", what);			\
}
HOLDING_PINNERS(PINNER)
#undef PINNER

SUITE_MAIN
