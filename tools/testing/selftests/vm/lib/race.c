// SPDX-License-Identifier: GPL-2.0
/* A pinner at work while its range changes; see race.h. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compiler.h"
#include "race.h"
#include "zone.h"

#define MOST_YIELDS 8
#define BUFFER_PAGES 3
#define MIDDLE 1	/* the page of the buffer that is flipped */

static void yield_at_random(unsigned int *seed)
{
	unsigned int i;

	for (i = rand_r(seed) % MOST_YIELDS; i; i--)
		sched_yield();
}

/* For this thread only: what the stage notes of the page is no longer true. */
static void *flip(void *arg)
{
	struct race *r = arg;
	struct stage *s = &r->stage;
	unsigned int seed = r->seed;

	while (!r->over) {
		if (r->flips++ % 2 ? arena_place_good(&s->arena, &r->middle) :
				     arena_place_tested(&s->arena, &r->middle, &s->mapping))
			break;
		yield_at_random(&seed);
	}
	return NULL;
}

static void *touch(void *arg)
{
	struct race *r = arg;
	unsigned int seed = r->seed + 1;

	while (!r->over) {
		(void)*(volatile char *)r->stage.arena.anchor;
		yield_at_random(&seed);
	}
	return NULL;
}

/* Can the mapping be put over another page in one step, and can a CPU read it at any time? */
static bool can_flip(const struct mapping *m)
{
	return !m->ops->unplace && m->granule == 1 && m->access & MAPPING_READ;
}

static const char *open_race(struct race *r, const struct mapping_ops *mapping,
			     const struct pinner_ops *pinner)
{
	struct stage *s = &r->stage;
	const char *why;

	why = stage_lay_out(s, mapping, layout_named("GPG"), pinner_align(pinner));
	if (!why)
		why = defect_left_out(pinner, &s->mapping.props);
	if (!why && !can_flip(&s->mapping))
		why = "it cannot be flipped with an ordinary page in one step";
	/* The pinner is opened last: closing one that was opened in vain may wait for RCU. */
	if (!why && pinner_open(&r->pinner, pinner))
		why = r->pinner.why;
	if (why) {
		if (s->arena.base)
			stage_close(s);
		return why;
	}
	r->pinner.mode = pinner->modes;
	s->tested = true;
	layout_fit(&r->middle, layout_named("P"), s->arena.anchor, 1, PAGE);
	return NULL;
}

/* How the flips may have met a call. */
enum luck {
	TOUCHED = 1,	/* the page under test was touched before */
	MISSED = 2,	/* GUP-fast came while the page was being put there */
	RENEWED = 4,	/* the page was put there again between two calls of GUP */
	EVERY_LUCK = 8
};

/* What the contract owes when the middle is a page under test. */
static bool is_owed(const struct race *r, ssize_t got, unsigned int luck)
{
	struct buffer b = r->stage.buffer;
	struct call call = pinner_contract(&r->pinner, TO_FILE, &r->stage.mapping.props, &b);

	b.touched = luck & TOUCHED;
	call.fast_misses = luck & MISSED;
	call.new_vma = luck & RENEWED;
	return contract_met(contract_verdict(&call), got);
}

static bool may_be(const struct race *r, ssize_t got)
{
	const struct call call = pinner_contract(&r->pinner, TO_FILE, &r->stage.mapping.props,
						 &r->stage.buffer);
	unsigned int luck;

	for (luck = 0; luck < EVERY_LUCK; luck++)
		if (is_owed(r, got, luck))
			return true;
	return got == (ssize_t)r->stage.buffer.len || zone_holds_back(call.flags, got);
}

/* Page @i of what was taken is ordinary page @i; the middle one is what the flipper put there. */
static bool is_one_of_ours(struct race *r, unsigned int i, const char *page)
{
	char what[256];

	if (pattern_holds(page, arena_good_id(i), 0, PAGE))
		return true;
	return i == MIDDLE && (pattern_holds(page, arena_good_id(0), 0, PAGE) ||
			       pattern_holds(page, PATTERN_ZERO, 0, PAGE) ||
			       stage_holds(&r->stage, i, page, 0, PAGE, what, sizeof(what)));
}

/* Data that an earlier call left in the file must not pass for this call's. */
static void clear_file(struct race *r)
{
	static const char zeros[BUFFER_PAGES * MAX_PAGE] __aligned(MAX_PAGE);
	const size_t len = BUFFER_PAGES * PAGE;

	if (pwrite(r->pinner.scratch->out, zeros, len, r->pinner.scratch->out_start) !=
	    (ssize_t)len)
		snprintf(r->what, sizeof(r->what), "the file cannot be cleared");
}

static void check_file(struct race *r, ssize_t got)
{
	static char page[MAX_PAGE] __aligned(MAX_PAGE);
	off_t at = r->pinner.scratch->out_start;
	unsigned int i;

	for (i = 0; i < got / PAGE && !r->what[0]; i++) {
		if (pread(r->pinner.scratch->out, page, PAGE, at + i * PAGE) != (ssize_t)PAGE)
			snprintf(r->what, sizeof(r->what), "the file cannot be read back");
		else if (!is_one_of_ours(r, i, page))
			snprintf(r->what, sizeof(r->what), "page %u is none of ours", i);
	}
}

/*
 * With a known defect the page under test counts as taken, and cannot be used. The ordinary page
 * before it can.
 */
static void note_unmoved(struct race *r, ssize_t got)
{
	const struct call call = pinner_contract(&r->pinner, TO_FILE, &r->stage.mapping.props,
						 &r->stage.buffer);

	if (r->pinner.ops->move(&r->pinner, TO_FILE, r->stage.buffer.iov->iov_base, PAGE, 0,
				r->pinner.scratch->out_start) == (ssize_t)PAGE)
		r->known = defect_find(&call, contract_verdict(&call), verdict_seen(got));
	if (!r->known)
		snprintf(r->what, sizeof(r->what), "what is held cannot be moved");
}

/* A registration: the memory that is held is checked where the pinner can move it, and released. */
static void use_and_drop(struct race *r, ssize_t got)
{
	const struct pinner_ops *ops = r->pinner.ops;
	const struct buffer *b = &r->stage.buffer;

	if (ops->move && ops->move(&r->pinner, TO_FILE, b->iov->iov_base, got, 0,
				   r->pinner.scratch->out_start) != got)
		note_unmoved(r, got);
	else if (ops->move)
		check_file(r, got);
	if (ops->drop && ops->drop(&r->pinner))
		snprintf(r->what, sizeof(r->what), "the held memory cannot be released");
}

static void race_once(struct race *r)
{
	const struct pinner_ops *ops = r->pinner.ops;
	const struct buffer *b = &r->stage.buffer;
	ssize_t got;

	clear_file(r);
	got = pinner_call(&r->pinner, TO_FILE, b->iov, b->niov);
	r->taken += got == (ssize_t)b->len;
	r->refused += got != (ssize_t)b->len;
	if (!may_be(r, got))
		snprintf(r->what, sizeof(r->what), "%zd is no verdict of either page", got);
	else if (got > 0 && ops->io)
		check_file(r, got);
	else if (got > 0)
		use_and_drop(r, got);
}

static void run_race(struct race *r)
{
	unsigned int i, seed = r->seed + 2;

	if (pthread_create(&r->flipper, NULL, flip, r) ||
	    pthread_create(&r->toucher, NULL, touch, r)) {
		snprintf(r->what, sizeof(r->what), "no threads");
		return;
	}
	for (i = 0; i < r->rounds && !r->what[0]; i++) {
		race_once(r);
		yield_at_random(&seed);
		/* In a slow guest, long silence is taken for a hang. */
		if (i % 500 == 499)
			printf("# %u of %u rounds\n", i + 1, r->rounds);
	}
	r->over = true;
	pthread_join(r->flipper, NULL);
	pthread_join(r->toucher, NULL);
	printf("# seed %u: %u taken, %u refused, %u flips\n", r->seed, r->taken, r->refused,
	       r->flips);
}

/* Nothing may be held any more, or @leak, a known defect, explains it. */
static void end_race(struct race *r, const struct defect *leak)
{
	char what[sizeof(r->what)];
	bool balanced;

	pinner_close(&r->pinner);
	stage_close(&r->stage);
	balanced = oracle_balanced(&r->before, what, sizeof(what));
	oracle_end(&r->before);
	if (balanced) {
		if (arena_unreferenced(&r->stage.arena))
			return;
		snprintf(what, sizeof(what), "an ordinary page is still held");
		leak = NULL;
	}
	if (leak)
		r->known = leak;
	else if (!r->what[0])
		memcpy(r->what, what, sizeof(what));
}

const char *race_run(struct race *r, const struct mapping_ops *mapping,
		     const struct pinner_ops *pinner)
{
	const char *why = open_race(r, mapping, pinner);
	const struct defect *leak;

	if (why)
		return why;
	leak = defect_find_leak(pinner, &r->stage.mapping.props);
	oracle_begin_where(&r->before, leak);
	run_race(r);
	end_race(r, leak);
	return NULL;
}
