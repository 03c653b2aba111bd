// SPDX-License-Identifier: GPL-2.0
/* A buffer in an arena with a mapping's run in it; see stage.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stage.h"

#define SALT_TESTED 2

static bool may(const struct stage *s, unsigned int access)
{
	return (s->mapping.access & access) == access;
}

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The pages of a run that a CPU reaches: all when it cannot be split, otherwise the first ones. */
static size_t reached(const struct stage *s)
{
	size_t run = s->mapping.granule > 1 ? s->mapping.granule : STAGE_RUN;

	return min(min(run, s->mapping.pages), s->mapping.props.cpu_pages);
}

/* Does a test give page @page of the run bytes of its own? The last one of a huge page, too. */
static bool is_given(const struct stage *s, size_t page)
{
	return page < STAGE_RUN || page + 1 == s->nr_found;
}

/* Runs @f on the mapping's pages where they are safe to use. Returns 0 or -errno. */
static int with_run(struct stage *s, void (*f)(struct stage *s, char *run))
{
	static const struct layout none;
	struct buffer b = {
		.layout = &none,
		.run = s->mapping.granule > 1 ? s->mapping.granule : s->nr_found,
	};
	int err = arena_place_tested(&s->arena, &b, &s->mapping);

	if (err)
		return err;
	f(s, s->arena.anchor);
	arena_remove_tested(&s->arena, &b, &s->mapping);
	return 0;
}

static void learn(struct stage *s, char *run)
{
	size_t i;

	memcpy(s->found, run, s->nr_found * PAGE);
	for (i = 0; may(s, MAPPING_WRITE) && i < s->nr_found; i++)
		if (is_given(s, i))
			pattern_fill(run + i * PAGE, PATTERN_ID(SALT_TESTED, i), 0, PAGE);
}

static void give_back(struct stage *s, char *run)
{
	if (may(s, MAPPING_WRITE))
		memcpy(run, s->found, s->nr_found * PAGE);
}

static void forget(struct stage *s)
{
	if (s->found)
		munmap(s->found, s->nr_found * PAGE);
	s->found = NULL;
	s->nr_found = 0;
}

int stage_open(struct stage *s)
{
	int err = arena_open(&s->arena);

	s->found = NULL;
	s->nr_found = 0;
	if (err || !may(s, MAPPING_READ | MAPPING_KEEPS) || !reached(s))
		return err;
	s->nr_found = reached(s);
	s->found = mmap(NULL, s->nr_found * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (s->found == MAP_FAILED) {
		s->found = NULL;
		s->nr_found = 0;
		return -ENOMEM;
	}
	err = with_run(s, learn);
	if (err)
		forget(s);
	return err;
}

void stage_restore(struct stage *s)
{
	if (s->found)
		with_run(s, give_back);
	forget(s);
}

static bool is_tested(const struct stage *s, unsigned int i)
{
	return s->tested && layout_kind(&s->buffer, i) == TESTED;
}

/* What page @i holds while no test stores into it; false when that is unknown. */
static bool known_id(const struct stage *s, unsigned int i, pattern_id *id)
{
	size_t page = layout_run_page(&s->buffer, i);

	if (!is_tested(s, i)) {
		*id = arena_good_id(i);
		return true;
	}
	if (!may(s, MAPPING_WRITE) || page >= s->mapping.props.cpu_pages)
		return false;
	/* Memory that does not keep its bytes is new each time. */
	if (!may(s, MAPPING_KEEPS) && (page >= STAGE_RUN || !s->buffer.touched))
		*id = PATTERN_ZERO;
	else if (is_given(s, page))
		*id = PATTERN_ID(SALT_TESTED, page);
	else
		return false;
	return true;
}

static void refill(struct stage *s, unsigned int i)
{
	size_t page = layout_run_page(&s->buffer, i);
	char *addr = arena_page(&s->arena, &s->buffer, i);
	pattern_id id;

	if (s->tested && layout_kind(&s->buffer, i) == HOLE)
		return;
	if (known_id(s, i, &id))
		pattern_fill(addr, id, 0, PAGE);
	else if (may(s, MAPPING_WRITE) && page < s->nr_found)
		memcpy(addr, s->found + page * PAGE, PAGE);
}

void stage_refill(struct stage *s, unsigned int first, unsigned int count)
{
	unsigned int i;

	for (i = first; i < first + count; i++)
		refill(s, i);
}

int stage_set_good(struct stage *s)
{
	s->tested = false;
	return arena_place_good(&s->arena, &s->buffer);
}

static void touch(struct stage *s)
{
	unsigned int i;

	for (i = 0; i < s->buffer.pages; i++) {
		if (!is_tested(s, i) ||
		    layout_run_page(&s->buffer, i) >= s->mapping.props.cpu_pages)
			continue;
		if (may(s, MAPPING_WRITE) && !may(s, MAPPING_KEEPS))
			stage_refill(s, i, 1);
		(void)*(volatile char *)arena_page(&s->arena, &s->buffer, i);
	}
}

int stage_set_tested(struct stage *s)
{
	int err = arena_place_tested(&s->arena, &s->buffer, &s->mapping);

	s->tested = true;
	if (!err && s->buffer.touched)
		touch(s);
	return err;
}

int stage_renew(struct stage *s)
{
	return s->tested && s->mapping.props.pfnmap_on_fault ? stage_set_tested(s) : 0;
}

void stage_clear(struct stage *s)
{
	if (!s->tested)
		return;
	arena_remove_tested(&s->arena, &s->buffer, &s->mapping);
	s->tested = false;
}

bool stage_cpu_reads(const struct stage *s)
{
	int ends[2];
	bool reads;

	if (pipe(ends))
		return false;
	reads = write(ends[1], s->arena.anchor, 1) == 1;
	close(ends[0]);
	close(ends[1]);
	return reads;
}

const char *stage_view(struct stage *s, unsigned int i)
{
	static char peeked[MAX_PAGE];
	size_t page = layout_run_page(&s->buffer, i);

	if (s->tested && layout_kind(&s->buffer, i) == HOLE)
		return NULL;
	if (is_tested(s, i) && !may(s, MAPPING_READ | MAPPING_STABLE))
		return NULL;
	if (!is_tested(s, i) || !s->mapping.ops->peek)
		return arena_page(&s->arena, &s->buffer, i);
	if (page >= s->mapping.props.cpu_pages)
		return NULL;
	/* No page holds this: a second way that fails is noticed. */
	if (s->mapping.ops->peek(&s->mapping, peeked, page))
		memset(peeked, 0xee, sizeof(peeked));
	return peeked;
}

bool stage_holds(struct stage *s, unsigned int i, const char *seen, size_t from, size_t to,
		 char *what, size_t size)
{
	size_t page = layout_run_page(&s->buffer, i);
	pattern_id id;

	if (known_id(s, i, &id)) {
		if (pattern_holds(seen, id, from, to))
			return true;
		pattern_explain(seen, id, from, to, what, size);
		return false;
	}
	if (!may(s, MAPPING_STABLE) || page >= s->nr_found ||
	    !memcmp(seen + from, s->found + page * PAGE + from, to - from))
		return true;
	snprintf(what, size, "it differs from what was there before");
	return false;
}

const char *stage_lay_out(struct stage *s, const struct mapping_ops *ops,
			  const struct layout *layout, size_t align)
{
	if (mapping_open(&s->mapping, ops))
		return s->mapping.why;
	if (stage_open(s))
		return "no memory to test in";
	layout_fit(&s->buffer, layout, s->arena.anchor, s->mapping.granule, align);
	if (s->buffer.run > s->mapping.pages)
		return "it has too few pages";
	return stage_set_good(s) ? "no ordinary pages to lay out" : NULL;
}

void stage_close(struct stage *s)
{
	stage_clear(s);
	stage_restore(s);
	mapping_close(&s->mapping);
}
