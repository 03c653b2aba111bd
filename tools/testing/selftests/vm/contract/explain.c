// SPDX-License-Identifier: GPL-2.0
/* Why a result is expected; see explain.h. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "../pinners/pinner.h"
#include "explain.h"

static void explain_page(struct verdict v)
{
	if (!v.why.err)
		return;
	printf("#   expected      page %u is %s: %s\n", v.page, strerrorname_np(v.why.err),
	       v.why.reason);
	printf("#                 %s%s%s\n", v.why.function, v.why.commit ? ", commit " : "",
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

static void explain_change(enum kernel_change c)
{
	const struct kernel_entry *e = &kernel_entries[c];

	printf("#   explained by  a kernel %s %s: %s\n", kernel_has(c) ? "without" : "with",
	       e->name, e->what);
	printf("#                 since %u.%u%s%s\n", e->since.major, e->since.minor,
	       e->commit[0] ? ", commit " : "", e->commit);
}

void explain(const struct call *c, struct verdict want, struct verdict seen)
{
	size_t i;

	explain_page(want);
	printf("#   the call      %s\n", want.rule);
	printf("#                 %s\n", c->pinner->caller);
	for (i = NO_CHANGE + 1; i < NR_KERNEL_ENTRIES; i++)
		if (explains(c, seen, i))
			explain_change(i);
}
