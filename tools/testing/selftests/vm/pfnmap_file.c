// SPDX-License-Identifier: GPL-2.0
/*
 * Shared pages of a file whose filesystem tracks what is written: a pin that writes for the long
 * term is refused (writable_file_mapping_allowed(), mm/gup.c), any other pin takes them, and the
 * kernel sees what the file holds.
 */
#define SUITE_USES(PINNER) HOLDING_PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/holding.h"
#include "lib/oracle.h"

#define SALT_FILE 19

/* Scratch files that O_DIRECT writes to are on ext4 or xfs, which have ->page_mkwrite(). */
static int tracked_open(struct mapping *m)
{
	const struct scratch *s = scratch_get(SCRATCH_DIRECT);

	if (s->out < 0)
		return mapping_skip(m, "%s", s->why);
	m->fd = dup(s->out);
	m->pages = HOLDING_PAGES;
	m->props.file = m->props.dirty_tracked = true;
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE | MAPPING_KEEPS;
	return m->fd < 0 ? mapping_skip(m, "dup: %s", strerror(errno)) : 0;
}

static const struct mapping_ops tracked_file = {
	.name = "tracked_file",
	.control = true,
	.open = tracked_open,
	.place = mapping_place_file,
};

FIXTURE(file)
{
	struct holding holding;
	char wrong[512];	/* the first failure, or "" */
};

FIXTURE_SETUP(file) {}

FIXTURE_TEARDOWN(file) {}

/* By the pinner's own rule: io_uring refuses every file until 6.5. The pinner has been open. */
static bool is_refused(const struct holding *h)
{
	const struct layout all = { .name = "P", .p = h->pages };
	static struct buffer buffer;
	struct call call;

	layout_fit(&buffer, &all, h->room, 1, PAGE);
	call = pinner_contract(&h->pinner, TO_FILE, &h->memory.props, &buffer);
	return contract_verdict(&call).err;
}

/* Takes the pages in @h->mode. Returns what is wrong, or "". */
static const char *pin_file(struct holding *h)
{
	bool pinned = holding_pin(h), refused = is_refused(h);
	int unseen;

	if (!pinned)
		return refused ? "" : h->why;
	unseen = holding_unseen(h, SALT_FILE);
	if (!holding_unpin(h))
		return h->why;
	if (refused)
		return "pages were pinned that the filesystem must know to be written";
	return unseen < 0 ? "" : "the kernel does not see what the file holds";
}

static void try_mode(struct holding *h, const struct pinner_mode *mode, char *wrong, size_t size)
{
	const char *what;

	h->mode = mode;
	if (!holding_place(h, SALT_FILE))
		return;
	what = pin_file(h);
	if (what[0] && !wrong[0])
		snprintf(wrong, size, "%s%s%s", mode ? mode->name : "", mode ? ": " : "", what);
	h->why[0] = '\0';
	holding_remove(h);
}

static void try_modes(struct holding *h, char *wrong, size_t size)
{
	const struct pinner_mode *mode = h->ops->modes;

	if (!mode)
		try_mode(h, NULL, wrong, size);
	for (; mode && mode->name; mode++)
		try_mode(h, mode, wrong, size);
}

#define PINNER(name)								\
TEST_F(file, name)								\
{										\
	struct holding *h = &self->holding;					\
	struct oracle before;							\
	char what[256];								\
	bool balanced;								\
										\
	if (!holding_prepare(h, &tracked_file, &pinner_##name))			\
		SUITE_SKIP("%s", h->why);					\
	oracle_begin(&before);							\
	try_modes(h, self->wrong, sizeof(self->wrong));				\
	balanced = oracle_balanced(&before, what, sizeof(what));		\
	oracle_end(&before);							\
	EXPECT_STREQ("", self->wrong);						\
	EXPECT_TRUE(balanced) TH_LOG("%s", what);				\
	if (h->missing)								\
		SUITE_SKIP("%s", h->why);					\
}
HOLDING_PINNERS(PINNER)
#undef PINNER

SUITE_MAIN
