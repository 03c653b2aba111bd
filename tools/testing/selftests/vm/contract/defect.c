// SPDX-License-Identifier: GPL-2.0
/* Where released kernels break the contract; see defect.h. */
#include <stdio.h>

#include "../pinners/pinner.h"
#include "defect.h"

/* The next one after @d that this kernel has; the first one when @d is NULL. */
static const struct defect *next_defect(const struct pinner_ops *pinner, const struct defect *d)
{
	d = d ? d + 1 : pinner->defects;
	while (d && d->id && !kernel_has(d->id))
		d++;
	return d && d->id ? d : NULL;
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
		if (d->kills && d->kills(m))
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
