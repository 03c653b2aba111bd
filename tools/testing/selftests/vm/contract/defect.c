// SPDX-License-Identifier: GPL-2.0
/* Where released kernels break the contract; see defect.h. */
#include <errno.h>
#include <stdio.h>

#include "../lib/compiler.h"
#include "../pinners/pinner.h"
#include "defect.h"

/* The call succeeds as if the page had been taken. */
static bool slot_counts(const struct call *c, struct verdict want, struct verdict seen)
{
	struct mapping_props props = *c->mapping;
	struct call call = *c;
	struct verdict v;

	if (want.why.err != EEXIST)
		return false;
	props.special = false;
	call.mapping = &props;
	v = contract_verdict(&call);
	return v.err == seen.err && v.bytes == seen.bytes;
}

/* The caller uses, and puts, what the slot of pages[] happened to hold. */
static bool slot_is_used(const struct pinner_ops *pinner, const struct mapping_props *m)
{
	static struct buffer b;
	struct call call = {
		.pinner = pinner, .mapping = m, .buffer = &b, .flags = pinner->flags,
	};

	if (!m || !m->special)
		return false;
	layout_fit(&b, layout_named("GPG"), NULL, m->normal_pages + 1, 1);
	return contract_verdict(&call).why.err == EEXIST;
}

/* Defects of GUP itself: every pinner may show them. */
static const struct defect gup_defects[] = {
	{ .id = PFN_SLOT_UNWRITTEN, .explains = slot_counts, .kills = slot_is_used },
	{}
};

/* The next one after @d, the first one when @d is NULL: the pinner's, then those of GUP. */
static const struct defect *defect_after(const struct pinner_ops *pinner, const struct defect *d)
{
	const struct defect *end = &gup_defects[ARRAY_SIZE(gup_defects) - 1];

	d = d ? d + 1 : pinner->defects;
	if (d == end)
		return NULL;
	return d && d->id ? d : gup_defects;
}

/* The same, of those that this kernel has. */
static const struct defect *next_defect(const struct pinner_ops *pinner, const struct defect *d)
{
	do {
		d = defect_after(pinner, d);
	} while (d && !kernel_has(d->id));
	return d;
}

const struct defect *defect_find(const struct call *c, struct verdict want, struct verdict seen)
{
	const struct defect *d = NULL;

	while ((d = next_defect(c->pinner, d)))
		if (d->explains && d->explains(c, want, seen))
			break;
	return d;
}

const struct defect *defect_find_bytes(const struct call *c, unsigned int i)
{
	const struct defect *d = NULL;

	while ((d = next_defect(c->pinner, d)))
		if (d->misplaces && d->misplaces(c, i))
			break;
	return d;
}

const struct defect *defect_find_leak(const struct pinner_ops *pinner,
				      const struct mapping_props *m)
{
	const struct defect *d = NULL;

	while ((d = next_defect(pinner, d)))
		if (d->leaks && d->leaks(m))
			break;
	return d;
}

const struct defect *defect_find_flaw(const struct pinner_ops *pinner, enum flaw flaw)
{
	const struct defect *d = NULL;

	while ((d = next_defect(pinner, d)))
		if (d->flaw == flaw)
			break;
	return d;
}

const struct defect *defect_find_deadly(const struct pinner_ops *pinner,
					const struct mapping_props *m)
{
	const struct defect *d = NULL;

	while ((d = next_defect(pinner, d)))
		if (d->kills && d->kills(pinner, m))
			break;
	return d;
}

int defect_skip(const struct defect *d, char *why, size_t size)
{
	snprintf(why, size, "known to kill this kernel, PFNMAP_KERNEL_HAS=%s=0 runs it: %s",
		 kernel_entries[d->id].name, defect_reference(d));
	return -1;
}

void defect_look_for(const struct defect *d)
{
	static bool looked[NR_KERNEL_ENTRIES];

	if (!d || looked[d->id])
		return;
	looked[d->id] = true;
	printf("# looks for known defect %s: %s\n", kernel_entries[d->id].name,
	       defect_reference(d));
}

/* Would it explain a result that ends at some page, or a whole one? */
static bool may_explain(const struct defect *d, const struct call *c, struct verdict want)
{
	struct verdict seen = { .reach = want.reach, .zeroed = want.zeroed };
	unsigned int i;

	for (i = 1; i <= c->buffer->pages; i++) {
		seen.bytes = layout_bytes_before(c->buffer, i);
		if (d->explains(c, want, seen))
			return true;
	}
	return false;
}

static bool may_misplace(const struct defect *d, const struct call *c)
{
	unsigned int i;

	for (i = 0; i < c->buffer->pages; i++)
		if (d->misplaces(c, i))
			return true;
	return false;
}

void defect_look_for_all(const struct call *c, struct verdict want)
{
	const struct defect *d = NULL;

	while ((d = next_defect(c->pinner, d))) {
		if (d->explains && may_explain(d, c, want))
			defect_look_for(d);
		if (d->misplaces && !want.err && may_misplace(d, c))
			defect_look_for(d);
		if (d->leaks && !want.err && d->leaks(c->mapping))
			defect_look_for(d);
	}
}

const char *defect_reference(const struct defect *d)
{
	return kernel_entries[d->id].what;
}
