// SPDX-License-Identifier: GPL-2.0
/*
 * Pages in ZONE_MOVABLE, which must be free to move: a long-term pin moves them out of the zone
 * first (check_and_migrate_movable_folios(), mm/gup.c), and keeps what they hold. A pin that fails
 * behind them keeps nothing.
 */
#include <sys/mman.h>

#define SUITE_USES(PINNER) HOLDING_PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/holding.h"
#include "lib/oracle.h"
#include "lib/zone.h"

#define SALT_BEFORE 17
#define SALT_AFTER 18

struct moved {
	struct holding holding;
	unsigned int owed;	/* long-term pins */
	unsigned int tried;	/* those whose pages were in the zone */
	char wrong[512];	/* the first failure, or "" */
};

FIXTURE(movable)
{
	struct moved moved;
};

FIXTURE_VARIANT(movable)
{
	const struct mapping_ops *memory;
};

FIXTURE_VARIANT_ADD(movable, anon) { &mapping_anon };
FIXTURE_VARIANT_ADD(movable, shmem) { &mapping_shmem };
FIXTURE_VARIANT_ADD(movable, thp) { &mapping_thp };

FIXTURE_SETUP(movable) {}

FIXTURE_TEARDOWN(movable) {}

static void complain(struct moved *m, const char *what)
{
	const struct pinner_mode *mode = m->holding.mode;

	if (what[0] && !m->wrong[0])
		snprintf(m->wrong, sizeof(m->wrong), "%s%s%s", mode ? mode->name : "",
			 mode ? ": " : "", what);
}

/* @page is the one of which @what is true, or -1. */
static void complain_of(struct moved *m, int page, const char *what)
{
	char text[128];

	if (page < 0)
		return;
	snprintf(text, sizeof(text), "page %d: %s", page, what);
	complain(m, text);
}

/* The first page that is in the zone, or is not when @movable is false; -1 when there is none. */
static int first_page(const struct holding *h, bool movable)
{
	unsigned int i;

	for (i = 0; i < h->pages; i++)
		if (zone_is_movable(oracle_frame(h->room + i * PAGE)) == movable)
			return i;
	return -1;
}

static void pin_all(struct moved *m)
{
	struct holding *h = &m->holding;

	if (!holding_pin(h)) {
		complain(m, h->why);
		return;
	}
	complain_of(m, first_page(h, true), "it is pinned and still in ZONE_MOVABLE");
	complain_of(m, holding_differs(h, h->pages, SALT_BEFORE),
		    "it lost its bytes when it moved");
	holding_fill(h, SALT_AFTER);
	complain_of(m, holding_left(h), "it has moved while it was pinned");
	complain_of(m, holding_unseen(h, SALT_AFTER), "the kernel does not see what was written");
	holding_unpin(h);
	complain(m, h->why);
}

/* The last page is a hole. */
static void pin_in_vain(struct moved *m)
{
	struct holding *h = &m->holding;
	const unsigned int last = h->pages - 1;

	if (munmap(h->room + last * PAGE, PAGE)) {
		complain_of(m, last, "it cannot be made a hole");
		return;
	}
	if (holding_pin(h)) {
		complain_of(m, last, "a hole was pinned");
		holding_unpin(h);
	}
	complain(m, h->pinner.complaint);
	h->why[0] = '\0';
	complain_of(m, holding_differs(h, last, SALT_BEFORE),
		    "it lost its bytes in a pin that failed");
}

/* With new memory; only pages that are all in the zone tell anything. */
static void try_pin(struct moved *m, void (*pin)(struct moved *m))
{
	struct holding *h = &m->holding;

	m->owed++;
	if (!holding_place(h, SALT_BEFORE))
		return;
	if (first_page(h, false) < 0) {
		m->tried++;
		pin(m);
	}
	holding_remove(h);
}

static void try_mode(struct moved *m, const struct pinner_mode *mode)
{
	m->holding.mode = mode;
	if (!(holding_flags(&m->holding) & FOLL_LONGTERM))
		return;
	try_pin(m, pin_all);
	if (m->holding.pages > 1)
		try_pin(m, pin_in_vain);
}

static void try_modes(struct moved *m)
{
	const struct pinner_mode *mode = m->holding.ops->modes;

	if (!mode)
		try_mode(m, NULL);
	for (; mode && mode->name; mode++)
		try_mode(m, mode);
}

#define PINNER(name)									\
TEST_F(movable, name)									\
{											\
	struct moved *m = &self->moved;							\
	struct oracle before;								\
	char what[256];									\
	bool balanced;									\
											\
	if (!zone_has_movable())							\
		SUITE_SKIP("no ZONE_MOVABLE: boot with movablecore=128M");		\
	if (!kernel_has(PINS_LEAVE_MOVABLE))						\
		SUITE_SKIP("long-term pins leave ZONE_MOVABLE since 5.13");		\
	if (!holding_prepare(&m->holding, variant->memory, &pinner_##name))		\
		SUITE_SKIP("%s", m->holding.why);					\
	oracle_begin(&before);								\
	try_modes(m);									\
	balanced = oracle_balanced(&before, what, sizeof(what));			\
	oracle_end(&before);								\
	EXPECT_STREQ("", m->wrong);							\
	EXPECT_TRUE(balanced) TH_LOG("%s", what);					\
	if (!m->owed)									\
		SUITE_SKIP("it has no mode for the long term");				\
	printf("# %u of %u pins had all their pages in ZONE_MOVABLE\n", m->tried, m->owed);	\
	if (!m->tried)									\
		SUITE_SKIP("none in ZONE_MOVABLE, or only root sees it: %s", m->holding.why);	\
}
HOLDING_PINNERS(PINNER)
#undef PINNER

SUITE_MAIN
