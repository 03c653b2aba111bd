// SPDX-License-Identifier: GPL-2.0
/* Why a result is expected; see explain.h. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/libc.h"
#include "../pinners/pinner.h"
#include "explain.h"

static void explain_page(FILE *f, struct verdict v)
{
	if (!v.why.err)
		return;
	fprintf(f, "#   expected      page %u is %s: %s\n", v.page, strerrorname_np(v.why.err),
		v.why.reason);
	fprintf(f, "#                 %s%s%s\n", v.why.function, v.why.commit ? ", commit " : "",
		v.why.commit ? v.why.commit : "");
}

static bool is_same(struct verdict a, struct verdict b)
{
	return a.err == b.err && a.bytes == b.bytes;
}

/* Would a kernel that differs in @c alone show @seen? */
static bool explains(const struct call *call, struct verdict seen, enum kernel_change c)
{
	const struct defect *d;
	bool same;

	kernel_flip(c);
	d = defect_find(call, contract_verdict(call), seen);
	same = is_same(contract_verdict(call), seen) || (d && d->id == c);
	kernel_flip(c);
	return same;
}

static void explain_change(FILE *f, enum kernel_change c)
{
	const struct kernel_entry *e = &kernel_entries[c];

	fprintf(f, "#   explained by  a kernel %s %s: %s\n", kernel_has(c) ? "without" : "with",
		e->name, e->what);
	if (e->since.major)
		fprintf(f, "#                 since %u.%u%s%s\n", e->since.major, e->since.minor,
			e->commit[0] ? ", commit " : "", e->commit);
}

/* Into memory that the caller frees; NULL without memory. */
static char *explanation(const struct call *c, struct verdict want, struct verdict seen)
{
	char *text = NULL;
	size_t i, len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return NULL;
	explain_page(f, want);
	fprintf(f, "#   the call      %s\n", want.rule);
	fprintf(f, "#                 %s\n", c->pinner->caller);
	for (i = NO_CHANGE + 1; i < NR_KERNEL_ENTRIES; i++)
		if (explains(c, seen, i))
			explain_change(f, i);
	fclose(f);
	return text;
}

void explain(const struct call *c, struct verdict want, struct verdict seen)
{
	static char *last;
	char *text = explanation(c, want, seen);

	if (text && (!last || strcmp(text, last)))
		fputs(text, stdout);
	free(last);
	last = text;
}
