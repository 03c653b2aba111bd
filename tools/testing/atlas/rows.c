// SPDX-License-Identifier: GPL-2.0
/*
 * Collects what recorded runs know: the results of each row on every run, and the changes and known
 * defects with which they turned. The model says which: an entry in which two kernels differ, and
 * without which the contract would expect something else.
 *
 * A result is a text, a word for each layout: "LAYOUT=all", "LAYOUT=2_pages", "LAYOUT=512",
 * "LAYOUT=EFAULT", with "!DEFECT" behind it when one explains it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract/contract.h"
#include "contract/defect.h"
#include "lib/libc.h"
#include "record_reader.h"
#include "rows.h"

static const struct pinner_ops *const pinners[] = {
#define PINNER(name) &pinner_##name,
	PINNERS(PINNER)
#undef PINNER
};

struct text {
	char *text;
	size_t index;
};

struct run runs[MAX_RUNS];
size_t nr_runs;			/* the next one is read now */
struct texts results, facts, mappings_read;
size_t facts_of[MAX_RUNS][MAX_MAPPINGS];
static void *rows;		/* a tree */

/* What was read of one line, whose results come one after the other. */
static struct {
	struct row *row;
	const char *before;	/* results of the run before, from this one on; NULL: no such run */
	__uint128_t before_defects;
	char text[1 << 14];
	size_t len;
	__uint128_t defects, turned;
} line;

static void give_up(const char *why)
{
	fprintf(stderr, "atlas: %s\n", why);
	exit(1);
}

static void *must(void *memory)
{
	if (!memory)
		give_up("no memory");
	return memory;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(((const struct text *)a)->text, ((const struct text *)b)->text);
}

size_t text_index(struct texts *t, const char *string)
{
	struct text key = { .text = (char *)string }, *new;
	struct text **found = tfind(&key, &t->tree, compare_texts);

	if (found)
		return (*found)->index;
	new = must(malloc(sizeof(*new)));
	new->text = must(strdup(string));
	new->index = t->n++;
	must(tsearch(new, &t->tree, compare_texts));
	t->all = must(realloc(t->all, t->n * sizeof(*t->all)));
	t->all[new->index] = new->text;
	return new->index;
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = strcmp(x->mapping, y->mapping);

	if (!order)
		order = strcmp(x->pinner->name, y->pinner->name);
	return order ? order : strcmp(x->how, y->how);
}

static struct row *row_of(const struct pinner_ops *pinner, const char *mapping, const char *how)
{
	struct row key = { .pinner = pinner }, **found, *new;

	snprintf(key.mapping, sizeof(key.mapping), "%s", mapping);
	snprintf(key.how, sizeof(key.how), "%s", how);
	found = tfind(&key, &rows, compare_rows);
	if (found)
		return *found;
	new = must(malloc(sizeof(*new)));
	*new = key;
	must(tsearch(new, &rows, compare_rows));
	return new;
}

/* The run before this one that has @row, or this one. */
static size_t run_before(const struct row *row)
{
	size_t before = nr_runs;

	while (before > 0)
		if (row->runs[--before].there)
			return before;
	return nr_runs;
}

/* What the contract expects, and whether a defect turns that into @got. */
static bool explained(const struct call *c, ssize_t got, struct verdict *want)
{
	*want = contract_verdict(c);
	return contract_met(*want, got) || defect_find(c, *want, verdict_seen(got));
}

/* Does it depend on @e what this kernel does? */
static bool depends_on(const struct recorded_result *r, enum kernel_change e)
{
	struct verdict with, without;
	bool is, was;

	is = explained(&r->call, r->got, &with);
	kernel_flip(e);
	was = explained(&r->call, r->got, &without);
	kernel_flip(e);
	return is != was || with.err != without.err || with.bytes != without.bytes;
}

static __uint128_t depends_on_any(const struct recorded_result *r, __uint128_t entries)
{
	__uint128_t set = 0;
	size_t e;

	for (e = NO_CHANGE + 1; e < NR_KERNEL_ENTRIES; e++)
		if ((entries >> e & 1) && depends_on(r, e))
			set |= ENTRY_BIT(e);
	return set;
}

/* How a pinner was called is not asked of the model again. */
static __uint128_t backwards(const struct pinner_ops *pinner, __uint128_t entries)
{
	const struct defect *d;
	__uint128_t set = 0;

	for (d = pinner->defects; d && d->id; d++)
		if (d->flaw == PINS_BACKWARDS)
			set |= ENTRY_BIT(d->id) & entries;
	return set;
}

/*
 * The entries by which the result is another than on @before. When two of them do the same, this
 * kernel without one of them is as before; that one with one of them is not.
 */
static __uint128_t turned_by(const struct recorded_result *r, const struct run *before)
{
	__uint128_t entries = before->has ^ runs[nr_runs].has;
	__uint128_t set = depends_on_any(r, entries) | backwards(r->call.pinner, entries);

	if (set)
		return set;
	kernel_pretend(before->kernel);
	set = depends_on_any(r, entries);
	kernel_pretend(runs[nr_runs].kernel);
	return set;
}

size_t word_len(const char *text)
{
	return strcspn(text, " ");
}

const char *word_after(const char *text)
{
	text += word_len(text);
	return text + strspn(text, " ");
}

/* The word from @text on that is about the layout of @like; NULL: there is none. */
static const char *find_layout(const char *text, const char *like)
{
	size_t name = strcspn(like, "=") + 1;

	while (*text && strncmp(text, like, name))
		text = word_after(text);
	return *text ? text : NULL;
}

/* Had the run before another result for the layout that was just added as @text? */
static bool has_turned(const char *text)
{
	const char *was = line.before ? find_layout(line.before, text) : NULL;

	if (!was)
		return false;
	line.before = word_after(was);
	return word_len(was) != strlen(text) || strncmp(was, text, word_len(was));
}

static void end_line(void)
{
	struct row *row = line.row;

	if (!row)
		return;
	row->runs[nr_runs].there = true;
	row->runs[nr_runs].result = text_index(&results, line.text);
	row->runs[nr_runs].defects = line.defects;
	row->runs[nr_runs].turned = line.turned;
	memset(&line, 0, sizeof(line));
}

static void begin_line(struct row *row)
{
	size_t before = run_before(row);

	end_line();
	line.row = row;
	if (before == nr_runs)
		return;
	line.before = results.all[row->runs[before].result];
	line.before_defects = row->runs[before].defects;
}

static void name_result(const struct recorded_result *r, char *text, size_t size)
{
	if (r->got < 0)
		snprintf(text, size, "%s", strerrorname_np(-r->got));
	else if (r->got == (ssize_t)r->call.buffer->len)
		snprintf(text, size, "all");
	else if (!r->got || r->got % PAGE)
		snprintf(text, size, "%zd", r->got);
	else
		snprintf(text, size, "%zd_page%s", r->got / PAGE,
			 r->got == (ssize_t)PAGE ? "" : "s");
}

/* Returns the word's place. */
static const char *add_result(const struct recorded_result *r)
{
	struct verdict want = contract_verdict(&r->call);
	const struct defect *d = NULL;
	char text[32], *at;

	if (!contract_met(want, r->got))
		d = defect_find(&r->call, want, verdict_seen(r->got));
	if (d)
		line.defects |= ENTRY_BIT(d->id);
	name_result(r, text, sizeof(text));
	if (line.len)
		line.text[line.len++] = ' ';
	at = line.text + line.len;
	line.len += snprintf(at, sizeof(line.text) - line.len, "%s=%s%s%s",
			     r->call.buffer->layout->name, text, d ? "!" : "",
			     d ? kernel_entries[d->id].name : "");
	if (line.len >= sizeof(line.text))
		give_up("a line is too long");
	return at;
}

static void know_kernel(void)
{
	size_t e;

	if (runs[nr_runs].kernel[0])
		return;
	kernel_describe(runs[nr_runs].kernel, sizeof(runs[nr_runs].kernel));
	for (e = NO_CHANGE + 1; e < NR_KERNEL_ENTRIES; e++)
		if (kernel_has(e))
			runs[nr_runs].has |= ENTRY_BIT(e);
}

static void take(const struct recorded_result *r)
{
	struct row *row = row_of(r->call.pinner, r->mapping, r->how);
	size_t mapping;

	know_kernel();
	if (row != line.row)
		begin_line(row);
	if (has_turned(add_result(r)))
		line.turned |= turned_by(r, &runs[run_before(row)]) |
			       (line.before_defects ^ line.defects);
	mapping = text_index(&mappings_read, r->mapping);
	if (mapping >= MAX_MAPPINGS)
		give_up("too many mappings");
	facts_of[nr_runs][mapping] = text_index(&facts, r->facts) + 1;
}

/* Cells that are left out have a row of their own, "*": no mode was tried. */
static void note_left_out(const char *mapping, const struct mapping_props *m)
{
	const struct defect *d;
	struct row *row;
	char text[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pinners); i++) {
		d = defect_find_deadly(pinners[i], m);
		if (!d)
			continue;
		snprintf(text, sizeof(text), "left out!%s", kernel_entries[d->id].name);
		row = row_of(pinners[i], mapping, "*");
		row->runs[nr_runs].there = true;
		row->runs[nr_runs].result = text_index(&results, text);
	}
}

bool rows_add_run(const char *name, const char *file)
{
	FILE *f = fopen(file, "r");
	unsigned int unread;

	if (!f || nr_runs == MAX_RUNS) {
		fprintf(stderr, "atlas: %s: %s\n", name,
			f ? "too many records" : strerror(errno));
		return false;
	}
	runs[nr_runs].name = name;
	unread = record_reader_read(f, take);
	end_line();
	record_reader_mappings(note_left_out);
	fclose(f);
	if (unread || !runs[nr_runs].kernel[0])
		fprintf(stderr, "atlas: %s: not a record\n", name);
	return !unread && runs[nr_runs++].kernel[0];
}

static void (*taker)(const struct row *row);

static void take_row(const void *node, VISIT which, int depth __maybe_unused)
{
	if (which == postorder || which == leaf)
		taker(*(const struct row *const *)node);
}

void rows_walk(void (*take)(const struct row *row))
{
	taker = take;
	twalk(rows, take_row);
}
