// SPDX-License-Identifier: GPL-2.0
/*
 * Shared pages of a file whose filesystem tracks what is written: a pin that writes for the long
 * term is refused (writable_file_mapping_allowed(), mm/gup.c), any other pin takes them, and the
 * kernel sees what the file holds.
 */
#define SUITE_USES(PINNER) HOLDING_PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/holding.h"

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
};

FIXTURE_SETUP(file) {}

FIXTURE_TEARDOWN(file) {}

/* By the pinner's own rule: io_uring refuses every file until 6.5. The pinner has been open. */
static bool is_refused(const struct holding *h)
{
	const struct layout all = { .name = "P", .p = h->pages };
	static struct buffer buffer;
	struct call call;

	layout_fit(&buffer, &all, h->memory.base, 1, PAGE);
	call = pinner_contract(&h->pinner, TO_FILE, &h->memory.mapping.props, &buffer);
	return contract_verdict(&call).err;
}

static void pin_file(struct holding *h)
{
	bool pinned = holding_pin(h), refused = is_refused(h);

	if (!pinned) {
		if (!refused)
			holding_fail(h, "it cannot be pinned");
		return;
	}
	if (refused)
		holding_fail(h, "pages were pinned that the filesystem must know to be written");
	holding_fail_of(h, holding_unseen(h, SALT_FILE),
			"the kernel does not see what the file holds");
	holding_unpin(h);
}

static void try_file(struct holding *h, void *arg __maybe_unused)
{
	if (!holding_place(h, SALT_FILE))
		return;
	pin_file(h);
	holding_remove(h);
}

#define PINNER(name)							\
TEST_F(file, name)							\
{									\
	struct holding *h = &self->holding;				\
									\
	if (!holding_prepare(h, &tracked_file, &pinner_##name))		\
		SUITE_SKIP("%s", h->why);				\
	holding_try(h, try_file, NULL);					\
	HOLDING_JUDGE(h);						\
}
HOLDING_PINNERS(PINNER)
#undef PINNER

SUITE_MAIN
