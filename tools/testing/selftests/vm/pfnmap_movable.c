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

/* The first page that is in the zone, or is not when @movable is false; -1 when there is none. */
static int first_page(const struct holding *h, bool movable)
{
	unsigned int i;

	for (i = 0; i < h->pages; i++)
		if (zone_is_movable(oracle_frame(holding_page(h, i))) == movable)
			return i;
	return -1;
}

static void pin_all(struct holding *h)
{
	if (!holding_pin(h)) {
		holding_fail(h, "it cannot be pinned");
		return;
	}
	holding_fail_of(h, first_page(h, true), "it is pinned and still in ZONE_MOVABLE");
	holding_fail_of(h, holding_differs(h, h->pages, SALT_BEFORE),
			"it lost its bytes when it moved");
	holding_fill(h, SALT_AFTER);
	holding_fail_of(h, holding_left(h), "it has moved while it was pinned");
	holding_fail_of(h, holding_unseen(h, SALT_AFTER),
			"the kernel does not see what was written");
	holding_unpin(h);
}

/* The last page is a hole. */
static void pin_in_vain(struct holding *h)
{
	const unsigned int last = h->pages - 1;

	if (munmap(holding_page(h, last), PAGE)) {
		holding_fail_of(h, last, "it cannot be made a hole");
		return;
	}
	if (holding_pin(h)) {
		holding_fail_of(h, last, "a hole was pinned");
		holding_unpin(h);
	}
	holding_fail_of(h, holding_differs(h, last, SALT_BEFORE),
			"it lost its bytes in a pin that failed");
}

/* With new memory; only pages that are all in the zone tell anything. */
static void try_pin(struct moved *m, void (*pin)(struct holding *h))
{
	struct holding *h = &m->holding;

	m->owed++;
	if (!holding_place(h, SALT_BEFORE))
		return;
	if (first_page(h, false) < 0) {
		m->tried++;
		pin(h);
	}
	holding_remove(h);
}

static void try_pins(struct holding *h, void *arg)
{
	if (!(holding_flags(h) & FOLL_LONGTERM))
		return;
	try_pin(arg, pin_all);
	if (h->pages > 1)
		try_pin(arg, pin_in_vain);
}

#define PINNER(name)									\
TEST_F(movable, name)									\
{											\
	struct moved *m = &self->moved;							\
	struct holding *h = &m->holding;						\
											\
	if (!zone_has_movable())							\
		SUITE_SKIP("no ZONE_MOVABLE: boot with movablecore=128M");		\
	if (!kernel_has(PINS_LEAVE_MOVABLE))						\
		SUITE_SKIP("long-term pins leave ZONE_MOVABLE since 5.13");		\
	if (!holding_prepare(h, variant->memory, &pinner_##name))			\
		SUITE_SKIP("%s", h->why);						\
	holding_try(h, try_pins, m);							\
	HOLDING_JUDGE(h);								\
	if (!m->owed)									\
		SUITE_SKIP("it has no mode for the long term");				\
	printf("# %u of %u pins had all their pages in ZONE_MOVABLE\n", m->tried, m->owed);	\
	if (!m->tried)									\
		SUITE_SKIP("no pages in ZONE_MOVABLE, or only root sees them");		\
}
HOLDING_PINNERS(PINNER)
#undef PINNER

SUITE_MAIN
