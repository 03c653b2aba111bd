// SPDX-License-Identifier: GPL-2.0
/* Where released kernels break the contract; see defect.h. */
#include <errno.h>
#include <stdio.h>

#include "../lib/compiler.h"
#include "../pinners/pinner.h"
#include "defect.h"

/* The verdict if the PTEs under test were ordinary ones. */
static struct verdict verdict_of_normal(const struct call *c)
{
	struct mapping_props props = *c->mapping;
	struct call call = *c;

	props.special = false;
	call.mapping = &props;
	return contract_verdict(&call);
}

/* The call succeeds as if the page had been taken. */
static bool slot_counts(const struct call *c, struct verdict want, struct verdict seen)
{
	struct verdict v;

	if (want.why.err != EEXIST)
		return false;
	v = verdict_of_normal(c);
	return v.err == seen.err && v.bytes == seen.bytes;
}

/* The caller uses, and puts, what the slot of pages[] happened to hold. */
static bool slot_is_used(const struct pinner_ops *pinner, const struct mapping_props *m)
{
	static const char *const names[] = { "P", "GPG" };
	static struct buffer b;
	struct call call = {
		.pinner = pinner, .mapping = m, .buffer = &b, .flags = pinner->flags,
	};
	size_t i;

	if (!m || !m->special || pinner->checks_slots)
		return false;
	/* The pages under test begin with the mapping's normal ones; the next one is special. */
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		layout_fit(&b, layout_named(names[i]), NULL, m->normal_pages + 1, 1);
		if (contract_verdict(&call).why.err == EEXIST)
			return true;
	}
	return false;
}

/* GUP-fast takes the page behind a PMD. */
static bool pmd_counts(const struct call *c, struct verdict want __maybe_unused,
		       struct verdict seen)
{
	struct verdict v;

	if (!c->mapping->by_pmd)
		return false;
	v = verdict_of_normal(c);
	return v.err == seen.err && v.bytes == seen.bytes;
}

static bool pmd_moves(const struct call *c, unsigned int i)
{
	struct verdict v = verdict_of_normal(c);

	return c->mapping->by_pmd && (i < v.reach || i < v.zeroed);
}

/* GUP counts its references in struct pages with random contents. */
static bool has_pmd_of_dax(const struct pinner_ops *pinner __maybe_unused,
			   const struct mapping_props *m)
{
	return m && m->by_pmd && m->zone_device;
}

/* Defects of GUP, or of the memory: every pinner may show them. */
static const struct defect gup_defects[] = {
	{ .id = PFN_SLOT_UNWRITTEN, .explains = slot_counts, .kills = slot_is_used },
	{ .id = HUGE_PFN_NOT_SPECIAL, .explains = pmd_counts, .moves = pmd_moves },
	{ .id = DAX_TAILS_UNINITIALIZED, .kills = has_pmd_of_dax },
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

const struct defect *defect_find_moved(const struct call *c, unsigned int i)
{
	const struct defect *d = NULL;

	while ((d = next_defect(c->pinner, d)))
		if (d->moves && d->moves(c, i))
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

static const char *left_out(const struct defect *d)
{
	static char why[512];

	if (!d)
		return NULL;
	snprintf(why, sizeof(why), "known to kill this kernel or damage data, PFNMAP_KERNEL_HAS=%s=0 runs it: %s",
		 kernel_entries[d->id].name, defect_reference(d));
	return why;
}

const char *defect_left_out(const struct pinner_ops *pinner, const struct mapping_props *m)
{
	return left_out(defect_find_deadly(pinner, m));
}

const char *defect_left_out_for(const struct pinner_ops *pinner, enum flaw flaw)
{
	return left_out(defect_find_flaw(pinner, flaw));
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

const char *defect_seen(enum kernel_change entry, bool shows)
{
	const struct defect d = { .id = entry };

	if (!kernel_has(entry))
		return NULL;
	defect_look_for(&d);
	return shows ? defect_reference(&d) : NULL;
}

const char *defect_reference(const struct defect *d)
{
	return kernel_entries[d->id].what;
}
