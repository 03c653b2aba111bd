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
#include "lib/holding.h"

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
	struct holding holding;
	const struct scene *scene;
	int peer;		/* a socket to the other process */
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
	int err = mapping_shmem.open(m);

	m->access &= ~MAPPING_KEEPS;
	return err;
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

FIXTURE_SETUP(fork) {}

FIXTURE_TEARDOWN(fork) {}

/* One process after the other: this one goes on, then lets the peer go on. */
static void pass(struct forked *f)
{
	if (send(f->peer, "", 1, MSG_NOSIGNAL) != 1)
		holding_fail(&f->holding, "the other process is gone");
}

static void await(struct forked *f)
{
	char byte;

	if (read(f->peer, &byte, 1) != 1)
		holding_fail(&f->holding, "the other process is gone");
}

static void pass_and_await(struct forked *f)
{
	pass(f);
	await(f);
}

static bool pin(struct forked *f)
{
	if (holding_pin(&f->holding))
		return true;
	holding_fail(&f->holding, "it cannot be pinned");
	return false;
}

static void hold(struct forked *f)
{
	struct holding *h = &f->holding;

	if (!f->scene->pinned_before && !pin(f))
		return;
	if (f->scene->other_writes_first)
		pass_and_await(f);
	holding_fill(h, SALT_HOLDER);
	if (!f->scene->other_writes_first)
		pass_and_await(f);
	holding_fail_of(h, holding_left(h),
			"the holder has another page now than the one it pinned");
	holding_fail_of(h, holding_differs(h, h->pages, SALT_HOLDER),
			"the holder does not see what it wrote");
	holding_fail_of(h, holding_unseen(h, SALT_HOLDER),
			"the kernel does not see what the holder wrote");
	/* Some devices are not closed before the other process has closed its copy. */
	pass(f);
	holding_unpin(h);
}

static void be_the_other(struct forked *f)
{
	struct holding *h = &f->holding;

	await(f);
	holding_fail_of(h, holding_differs(h, h->pages, SALT_BEFORE),
			"the other process does not see what was there at the fork");
	holding_fill(h, SALT_OTHER);
	pass_and_await(f);
	holding_fail_of(h, holding_differs(h, h->pages, SALT_OTHER),
			"the other process does not see what it wrote");
}

static void play(struct forked *f, int peer, bool is_child)
{
	f->peer = peer;
	if (f->scene->child_holds == is_child)
		hold(f);
	else
		be_the_other(f);
	close(peer);
}

static void fork_and_play(struct forked *f)
{
	int ends[2], status = 0;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends)) {
		holding_fail(&f->holding, strerror(errno));
		return;
	}
	child = fork();
	if (!child) {
		close(ends[0]);
		play(f, ends[1], true);
		_exit(0);
	}
	close(ends[1]);
	if (child < 0) {
		holding_fail(&f->holding, strerror(errno));
		close(ends[0]);
		return;
	}
	play(f, ends[0], false);
	if (waitpid(child, &status, 0) != child || status)
		holding_fail(&f->holding, "the child died");
}

/* With new memory. */
static void try_scene(struct forked *f)
{
	struct holding *h = &f->holding;

	if (!holding_place(h, SALT_BEFORE))
		return;
	if (!f->scene->pinned_before || pin(f))
		fork_and_play(f);
	holding_remove(h);
}

/* Before 5.19 a pin for reading took pages that another process has, too. */
static bool is_owed(const struct forked *f)
{
	return f->scene->pinned_before || holding_flags(&f->holding) & FOLL_WRITE ||
	       kernel_has(PINS_UNSHARE);
}

static void try_scenes(struct holding *h, void *arg)
{
	struct forked *f = arg;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(scenes); i++) {
		f->scene = &scenes[i];
		h->scene = f->scene->name;
		if (is_owed(f))
			try_scene(f);
	}
}

#define PINNER(name)						\
TEST_F(fork, name)						\
{								\
	struct holding *h = &self->forked.holding;		\
								\
	if (!holding_prepare(h, variant->memory, &pinner_##name))	\
		SUITE_SKIP("%s", h->why);			\
	holding_try(h, try_scenes, &self->forked);		\
	HOLDING_JUDGE(h);					\
}
HOLDING_PINNERS(PINNER)
#undef PINNER

SUITE_MAIN
