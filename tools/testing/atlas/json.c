// SPDX-License-Identifier: GPL-2.0
/* The atlas as one JSON object, for atlas.html. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "contract/defect.h"
#include "mappings/mapping.h"
#include "rows.h"

static const struct {
	const char *program;
	const struct pinner_ops *const *pinners;	/* ended by NULL */
} families[] = {
#define PINNER(name) &pinner_##name,
#define FAMILY(program, pinners) \
	{ #program, (const struct pinner_ops *const []){ pinners NULL } },
	FAMILIES(FAMILY, PINNER)
#undef FAMILY
#undef PINNER
};

static void print_string(const char *s)
{
	putchar('"');
	for (; *s; s++)
		printf(*s == '"' || *s == '\\' ? "\\%c" : "%c", *s < ' ' ? '?' : *s);
	putchar('"');
}

/* Begins element @i of a list. */
static void next(size_t i)
{
	fputs(i ? "," : "", stdout);
}

static void print_set(__uint128_t set)
{
	size_t e, n = 0;

	putchar('[');
	for (e = NO_CHANGE + 1; e < NR_KERNEL_ENTRIES; e++)
		if (set >> e & 1)
			printf("%s%zu", n++ ? "," : "", e - 1);
	putchar(']');
}

static void print_runs(void)
{
	size_t i;

	printf("\"kernels\":[");
	for (i = 0; i < nr_runs; i++) {
		next(i);
		printf("{\"name\":");
		print_string(runs[i].name);
		printf(",\"release\":\"%.*s\",\"has\":", (int)word_len(runs[i].kernel),
		       runs[i].kernel);
		print_set(runs[i].has);
		putchar('}');
	}
	printf("]");
}

static void print_releases(const char *key, const struct release *r, size_t n)
{
	size_t i;

	printf(",\"%s\":[", key);
	for (i = 0; i < n && r[i].major; i++) {
		next(i);
		printf(r[i].sublevel ? "\"%u.%u.%u\"" : "\"%u.%u\"", r[i].major, r[i].minor,
		       r[i].sublevel);
	}
	putchar(']');
}

static void print_entries(void)
{
	const struct kernel_entry *e = kernel_entries + NO_CHANGE + 1;

	printf(",\n\"entries\":[");
	for (; e < kernel_entries + NR_KERNEL_ENTRIES; e++) {
		next(e - kernel_entries - 1);
		printf("{\"name\":\"%s\",\"defect\":%s,\"commit\":\"%s\",\"what\":", e->name,
		       e > kernel_entries + LAST_KERNEL_CHANGE ? "true" : "false", e->commit);
		print_string(e->what);
		print_releases("since", &e->since, 1);
		print_releases("stable", e->stable, ARRAY_SIZE(e->stable));
		print_releases("fixed", &e->fixed, 1);
		print_releases("stable_fixed", e->stable_fixed, ARRAY_SIZE(e->stable_fixed));
		printf("}\n");
	}
	printf("]");
}

static void print_pinner(const char *program, const struct pinner_ops *pinner)
{
	const struct defect *d;
	size_t n = 0;

	printf("{\"name\":\"%s\",\"program\":\"%s\",\"caller\":", pinner->name, program);
	print_string(pinner->caller);
	printf(",\"defects\":[");
	for (d = pinner->defects; d && d->id; d++) {
		next(n++);
		printf("%d", d->id - 1);
	}
	printf("]}\n");
}

static void print_pinners(void)
{
	const struct pinner_ops *const *p;
	size_t i, n = 0;

	printf(",\n\"pinners\":[");
	for (i = 0; i < ARRAY_SIZE(families); i++) {
		for (p = families[i].pinners; *p; p++) {
			next(n++);
			print_pinner(families[i].program, *p);
		}
	}
	printf("]");
}

/* An older suite's mapping may be none of today's. */
static const char *what_is(const char *mapping)
{
	size_t i;

	for (i = 0; mappings[i]; i++)
		if (!strcmp(mappings[i]->name, mapping))
			return mappings[i]->what;
	return "";
}

static void print_mappings(void)
{
	size_t i, m;

	printf(",\n\"mappings\":[");
	for (m = 0; m < mappings_read.n; m++) {
		next(m);
		printf("{\"name\":");
		print_string(mappings_read.all[m]);
		printf(",\"what\":");
		print_string(what_is(mappings_read.all[m]));
		printf(",\"facts\":[");
		for (i = 0; i < nr_runs; i++) {
			next(i);
			printf("%zd", (ssize_t)facts_of[i][m] - 1);
		}
		printf("]}\n");
	}
	printf("]");
}

static void print_texts(const char *key, const struct texts *t)
{
	size_t i;

	printf(",\n\"%s\":[", key);
	for (i = 0; i < t->n; i++) {
		next(i);
		print_string(t->all[i]);
	}
	printf("]");
}

/* The place of @ops in what print_pinners() prints. */
static size_t pinner_index(const struct pinner_ops *ops)
{
	const struct pinner_ops *const *p;
	size_t i, n = 0;

	for (i = 0; i < ARRAY_SIZE(families); i++)
		for (p = families[i].pinners; *p; p++, n++)
			if (*p == ops)
				return n;
	return n;
}

/* [PINNER, MAPPING, HOW, [RESULT of each run, or -1], {RUN: [ENTRY...]}] */
static void print_row(const struct row *row)
{
	static size_t printed;
	size_t i, n = 0;

	next(printed++);
	printf("[%zu,%zu,\"%s\",[", pinner_index(row->pinner),
	       text_index(&mappings_read, row->mapping), row->how);
	for (i = 0; i < nr_runs; i++) {
		next(i);
		printf("%zd", row->runs[i].there ? (ssize_t)row->runs[i].result : -1);
	}
	printf("],{");
	for (i = 0; i < nr_runs; i++) {
		if (!row->runs[i].turned)
			continue;
		next(n++);
		printf("\"%zu\":", i);
		print_set(row->runs[i].turned);
	}
	printf("}]\n");
}

void print_json(void)
{
	printf("{");
	print_runs();
	print_entries();
	print_pinners();
	print_mappings();
	print_texts("facts", &facts);
	print_texts("results", &results);
	printf(",\n\"rows\":[");
	rows_walk(print_row);
	printf("]}\n");
}
