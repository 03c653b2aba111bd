// SPDX-License-Identifier: GPL-2.0
/*
 * Private memory that has no page of its own when it is pinned: its page is swapped out, merged by
 * KSM, or the zero page. What must hold what the process will write gets a page of its own first
 * (FAULT_FLAG_UNSHARE, do_swap_page()), and whoever shared the old one keeps it as it was.
 */
#include <sys/mman.h>

#define SUITE_USES(PINNER) HOLDING_PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/holding.h"
#include "lib/ksm.h"
#include "lib/oracle.h"
#include "lib/pagemap.h"
#include "lib/patience.h"

#define SALT_BEFORE 25
#define SALT_AFTER 26

struct state;

struct state_kind {
	const char *(*begin)(void);		/* before all; NULL, or why not */
	const char *(*make)(struct state *s);	/* NULL, or why not */
	bool zero;		/* its bytes */
	bool longterm;		/* only a long-term pin for reading unshares it */
};

struct state {
	struct holding holding;
	struct memory twin;	/* of the same bytes; where pages are shared, of the same frames */
	const struct state_kind *kind;
};

static char *twin_page(const struct state *s, unsigned int i)
{
	return s->twin.base + i * PAGE;
}

static pattern_id id_before(const struct state *s, unsigned int i)
{
	return s->kind->zero ? PATTERN_ZERO : PATTERN_ID(SALT_BEFORE, i);
}

/* Has each page the frame of its twin? The frames are 0 for a user who may not see them. */
static bool is_shared(const struct state *s)
{
	unsigned int i;

	for (i = 0; i < s->holding.pages; i++)
		if (oracle_frame(holding_page(&s->holding, i)) != oracle_frame(twin_page(s, i)))
			return false;
	return true;
}

static bool is_swapped(const struct holding *h)
{
	unsigned int i;

	for (i = 0; i < h->pages; i++)
		if (!(pagemap_entry(holding_page(h, i), 0) & PAGEMAP_SWAPPED))
			return false;
	return true;
}

/* Pages that are on their way to the LRU lists stay; the next call finds them there. */
static const char *swap_out(struct state *s)
{
	struct holding *h = &s->holding;
	struct patience p;

	patience_begin_short(&p);
	do {
		if (madvise(h->memory.base, h->pages * PAGE, MADV_PAGEOUT))
			return "no MADV_PAGEOUT (needs 5.4)";
		if (is_swapped(h))
			return NULL;
	} while (patience_wait(&p));
	return "its pages cannot be swapped out: swapon(8), CONFIG_SWAP";
}

static const char *merge(struct state *s)
{
	struct holding *h = &s->holding;
	struct patience p;

	if (madvise(h->memory.base, h->pages * PAGE, MADV_MERGEABLE) ||
	    madvise(s->twin.base, h->pages * PAGE, MADV_MERGEABLE))
		return "no MADV_MERGEABLE: CONFIG_KSM";
	if (!oracle_frame(holding_page(h, 0)))
		return "only CAP_SYS_ADMIN sees whether KSM has merged: run as root";
	patience_begin(&p);
	/* To wait for KSM in vain is no sign that the kernel leaks. */
	p.is_short = true;
	do {
		if (is_shared(s))
			return NULL;
	} while (patience_wait(&p));
	return "KSM has merged nothing";
}

static bool make_zero(const struct memory *m, unsigned int pages)
{
	unsigned int i;

	if (madvise(m->base, m->pages * PAGE, MADV_DONTNEED))
		return false;
	for (i = 0; i < pages; i++)
		(void)*(volatile char *)(m->base + i * PAGE);
	return true;
}

static const char *read_zero(struct state *s)
{
	const struct holding *h = &s->holding;
	unsigned long long first;

	if (!make_zero(&s->holding.memory, h->pages) || !make_zero(&s->twin, h->pages))
		return "it cannot be emptied";
	first = oracle_frame(holding_page(h, 0));
	if (!is_shared(s))
		return "what was not written is no zero page";
	/* The small zero page is the same everywhere. */
	if (first && h->memory.mapping.granule > 1 &&
	    oracle_frame(holding_page(h, 1)) != first + 1)
		return "no huge zero page: set transparent_hugepage/use_zero_page to 1";
	return NULL;
}

static const struct state_kind swapped = { .make = swap_out };
static const struct state_kind merged = { .begin = ksm_begin, .make = merge };
static const struct state_kind zero = { .make = read_zero, .zero = true, .longterm = true };

FIXTURE(state)
{
	struct state state;
};

FIXTURE_VARIANT(state)
{
	const struct mapping_ops *memory;
	const struct state_kind *kind;
};

FIXTURE_VARIANT_ADD(state, swapped) { &mapping_anon, &swapped };
FIXTURE_VARIANT_ADD(state, merged) { &mapping_anon, &merged };
FIXTURE_VARIANT_ADD(state, zero) { &mapping_anon, &zero };
FIXTURE_VARIANT_ADD(state, huge_zero) { &mapping_thp, &zero };

FIXTURE_SETUP(state) {}

FIXTURE_TEARDOWN(state)
{
	ksm_end();
}

/* Must the pin hold what the process writes afterwards? */
static bool is_owed(const struct state *s)
{
	unsigned int flags = holding_flags(&s->holding);

	if (flags & FOLL_WRITE)
		return true;
	if (s->kind->longterm)
		return flags & FOLL_LONGTERM && kernel_has(LONGTERM_UNSHARE);
	return kernel_has(PINS_UNSHARE);
}

static void check_bytes(struct state *s, const char *base, const char *what)
{
	unsigned int i;

	for (i = 0; i < s->holding.pages; i++)
		if (!pattern_holds(base + i * PAGE, id_before(s, i), 0, PAGE))
			holding_fail_of(&s->holding, i, what);
}

static void pin(struct state *s)
{
	struct holding *h = &s->holding;

	if (!holding_pin(h)) {
		holding_fail(h, "it cannot be pinned");
		return;
	}
	check_bytes(s, h->memory.base, "it lost its bytes when it was pinned");
	holding_fill(h, SALT_AFTER);
	if (is_owed(s)) {
		holding_fail_of(h, holding_left(h), "it has another page now than the pinned one");
		holding_fail_of(h, holding_unseen(h, SALT_AFTER),
				"the kernel does not see what was written");
	}
	holding_unpin(h);
	check_bytes(s, s->twin.base, "memory that shared it has other bytes now");
}

/* The twin has what @s->holding.memory has. */
static const char *place_twin(struct state *s)
{
	const char *why = memory_open(&s->twin, s->holding.memory_ops, HOLDING_PAGES);
	unsigned int i;

	for (i = 0; !why && i < s->holding.pages; i++)
		pattern_fill(twin_page(s, i), PATTERN_ID(SALT_BEFORE, i), 0, PAGE);
	return why;
}

static void try_state(struct holding *h, void *arg)
{
	struct state *s = arg;
	const char *why;

	if (!holding_place(h, SALT_BEFORE))
		return;
	why = place_twin(s);
	if (!why) {
		why = s->kind->make(s);
		if (!why)
			pin(s);
		memory_close(&s->twin);
	}
	if (why)
		holding_miss(h, why);
	holding_remove(h);
}

#define PINNER(name)						\
TEST_F(state, name)						\
{								\
	struct holding *h = &self->state.holding;		\
	const char *why;					\
								\
	if (!holding_prepare(h, variant->memory, &pinner_##name))	\
		SUITE_SKIP("%s", h->why);			\
	why = variant->kind->begin ? variant->kind->begin() : NULL;	\
	if (why)						\
		SUITE_SKIP("%s", why);				\
	self->state.kind = variant->kind;			\
	holding_try(h, try_state, &self->state);		\
	HOLDING_JUDGE(h);					\
}
HOLDING_PINNERS(PINNER)
#undef PINNER

SUITE_MAIN
