// SPDX-License-Identifier: GPL-2.0
/* Where the data of a cell's trials goes and comes from; see cell_data.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cell_data.h"

#define SALT_STALE 3
#define GROUP 4			/* pages of a long buffer that are looked at together */

bool cell_is_long(const struct buffer *b)
{
	return b->pages > SCRATCH_SHORT_PAGES;
}

int cell_groups_of(const struct buffer *b, struct group *groups)
{
	if (!cell_is_long(b)) {
		groups[0] = (struct group){ 0, b->pages };
		return 1;
	}
	groups[0] = (struct group){ 0, GROUP };
	groups[1] = (struct group){ LAYOUT_FAR / 2 - GROUP / 2, GROUP };
	groups[2] = (struct group){ b->pages - GROUP, GROUP };
	return MAX_GROUPS;
}

/*
 * Prepares a slot of the file to write: a hole for a short buffer; the first slot is for a long
 * one.
 */
static pattern_id stale_id(const struct buffer *b)
{
	return cell_is_long(b) ? PATTERN_ID(SALT_STALE, 0) : PATTERN_ZERO;
}

off_t cell_in_slot(struct cell *c)
{
	return c->in_slots++ % SCRATCH_IN_SLOTS * SCRATCH_SLOT;
}

static char *bounce(void)
{
	static char pages[SCRATCH_SHORT_PAGES * MAX_PAGE] __aligned(MAX_PAGE);

	return pages;
}

off_t cell_out_slot(struct cell *c)
{
	const struct scratch *s = c->pinner.scratch;
	struct group groups[MAX_GROUPS];
	unsigned int i, n;
	int err;

	if (!cell_is_long(&c->stage.buffer)) {
		i = c->out_slots++ % SCRATCH_SHORT_SLOTS;
		err = i == 0 ? scratch_clear(s) : 0;
		if (err)
			cell_fail(c, "the scratch file cannot be cleared: %s", strerror(-err));
		return scratch_short_slot(s, i);
	}
	for (i = 0; i < GROUP; i++)
		pattern_fill(bounce() + i * PAGE, stale_id(&c->stage.buffer), 0, PAGE);
	n = cell_groups_of(&c->stage.buffer, groups);
	for (i = 0; i < n; i++)
		if (pwrite(s->out, bounce(), GROUP * PAGE, s->out_start + groups[i].first * PAGE) !=
		    (ssize_t)(GROUP * PAGE))
			cell_fail(c, "the scratch file cannot be written: %s", strerror(errno));
	return s->out_start;
}

/*
 * With verdict @v the bytes [@from, @split) of page @i have moved, and the other bytes of the page
 * have not.
 */
static void split_page(const struct buffer *b, unsigned int i, struct verdict v, size_t *from,
		       size_t *split)
{
	size_t before = layout_bytes_before(b, i), to;

	layout_span(b, i, from, &to);
	if (v.bytes <= before)
		*split = *from;
	else if (v.bytes - before < to - *from)
		*split = *from + v.bytes - before;
	else
		*split = to;
}

/* The known defect that @find finds for page @i, in a call of the page's memory. */
static const struct defect *
known_of(const struct cell *c, unsigned int i,
	 const struct defect *(*find)(const struct call *call, unsigned int page))
{
	const struct call call =
		pinner_contract(&c->pinner, TO_FILE, &c->stage.mapping.props, &c->stage.buffer);

	return c->stage.tested ? find(&call, i) : NULL;
}

/* Does a move of what is held begin, or go on after the odd bytes, in page @i? See move_held(). */
static bool begins_in(const struct cell *c, unsigned int i)
{
	const struct buffer *b = &c->stage.buffer;
	struct group groups[MAX_GROUPS];
	int n = cell_groups_of(b, groups);

	return i == groups[n - 1].first || !(i % (b->pages / b->niov));
}

/* The same as known_of(), or the flaw that misplaces bytes of ordinary pages, too. */
static const struct defect *
misplacing(const struct cell *c, unsigned int i,
	   const struct defect *(*find)(const struct call *call, unsigned int page))
{
	const struct defect *known = known_of(c, i, find);

	if (known || !begins_in(c, i))
		return known;
	return defect_find_flaw(c->pinner.ops, MISPLACES_FIRST_PAGE);
}

/* The bytes that moved for page @i are not there. */
static void say_misplaced(struct cell *c, const char *way, unsigned int i, const char *lack,
			  const char *what)
{
	cell_fail_unless(c, misplacing(c, i, defect_find_bytes), "%s: page %u %s: %s", way, i,
			 lack, what);
}

static void check_stale(struct cell *c, unsigned int i, const char *page, size_t from, size_t to,
			struct verdict v)
{
	bool zeroed = i >= v.reach && i < v.zeroed;
	pattern_id stale = zeroed ? PATTERN_ZERO : stale_id(&c->stage.buffer);
	char what[128];

	if (pattern_holds(page, stale, from, to))
		return;
	pattern_explain(page, stale, from, to, what, sizeof(what));
	cell_fail_unless(c, known_of(c, i, defect_find_moved),
			 "write: the file got bytes of page %u that were not counted: %s", i, what);
}

static void check_file_page(struct cell *c, unsigned int i, const char *page, struct verdict v)
{
	const struct buffer *b = &c->stage.buffer;
	size_t from, split;
	char what[128];

	split_page(b, i, v, &from, &split);
	/* A page that a refused call reached may have moved all the same. */
	if (i < v.reach && !pattern_holds(page, stale_id(b), 0, PAGE))
		layout_span(b, i, &from, &split);
	if (!stage_holds(&c->stage, i, page, from, split, what, sizeof(what)))
		say_misplaced(c, "write", i, "did not arrive in the file", what);
	check_stale(c, i, page, 0, from, v);
	check_stale(c, i, page, split, PAGE, v);
}

void cell_check_file(struct cell *c, struct group g, struct verdict v, off_t slot)
{
	ssize_t len = g.count * PAGE;
	unsigned int i;

	if (pread(c->pinner.scratch->out, bounce(), len, slot + g.first * PAGE) != len) {
		cell_fail(c, "write: the file cannot be read back: %s", strerror(errno));
		return;
	}
	for (i = 0; i < g.count; i++)
		check_file_page(c, g.first + i, bounce() + i * PAGE, v);
}

static void check_own(struct cell *c, unsigned int i, const char *page, size_t from, size_t to)
{
	char what[128];

	if (!stage_holds(&c->stage, i, page, from, to, what, sizeof(what)))
		cell_fail_unless(c, misplacing(c, i, defect_find_moved), "page %u changed: %s", i,
				 what);
}

static bool shows_writes(const struct cell *c, unsigned int i)
{
	const struct call call =
		pinner_contract(&c->pinner, FROM_FILE, &c->stage.mapping.props, &c->stage.buffer);

	return !c->stage.tested || contract_shows_writes(&call, i);
}

static void check_memory_page(struct cell *c, unsigned int i, struct verdict v, pattern_id id)
{
	const char *page = stage_view(&c->stage, i);
	size_t from, split;
	char what[128];

	if (!page)
		return;
	split_page(&c->stage.buffer, i, v, &from, &split);
	if (i < v.reach && !stage_holds(&c->stage, i, page, 0, PAGE, what, sizeof(what)))
		layout_span(&c->stage.buffer, i, &from, &split);
	if (!shows_writes(c, i))
		split = from;
	if (!pattern_holds(page, id, from, split)) {
		pattern_explain(page, id, from, split, what, sizeof(what));
		say_misplaced(c, "read", i, "did not get the file's bytes", what);
	}
	check_own(c, i, page, 0, from);
	check_own(c, i, page, split, PAGE);
}

void cell_check_memory(struct cell *c, struct group g, struct verdict v, off_t slot)
{
	unsigned int i;

	for (i = g.first; i < g.first + g.count; i++)
		check_memory_page(c, i, v, scratch_in_id(slot / PAGE + i));
	stage_refill(&c->stage, g.first, g.count);
}
