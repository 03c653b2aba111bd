// SPDX-License-Identifier: GPL-2.0
/*
 * The README's table of the contract, made from the contract itself: each pinner in its first mode,
 * for memory of a few plain kinds, on two kernels.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "contract/record.h"
#include "pinners/pinner.h"

#define ORDINARY (VM_READ | VM_WRITE | VM_SHARED | VM_MAYREAD | VM_MAYWRITE)
#define PFNMAP (ORDINARY | VM_IO | VM_PFNMAP)

static const struct column {
	const char *head, *layout;
	unsigned int vm_flags;
	bool special;
} columns[] = {
	{ "PFNMAP vma", "P", PFNMAP, .special = true },
	{ "special PTE", "P", ORDINARY, .special = true },
	{ "VM_IO, normal", "P", ORDINARY | VM_IO },
	{ "hole", "P", 0 },
	{ "[good][PFNMAP]", "GP", PFNMAP, .special = true },
};

static const struct pinner_ops *const pinners[] = {
#define PINNER(name) &pinner_##name,
	PINNERS(PINNER)
#undef PINNER
};

static void name_verdict(char *text, size_t size, const struct column *c,
			 const struct pinner_ops *ops)
{
	static char room[LAYOUT_PAGES * MAX_PAGE];
	struct pinner p = { .ops = ops, .mode = ops->modes };
	struct mapping_props m;
	static struct buffer b;
	struct verdict v;
	struct call call;

	record_default(&m);
	m.vm_flags = c->vm_flags;
	m.special = c->special;
	pinner_fit(ops, &b, layout_named(c->layout), room, 1);
	call = pinner_contract(&p, TO_FILE, &m, &b);
	v = contract_verdict(&call);
	if (v.err)
		snprintf(text, size, "%s", strerrorname_np(v.err));
	else
		snprintf(text, size, v.bytes == b.len ? "ok" : "short");
}

static void print_cell(const struct column *c, const struct pinner_ops *ops)
{
	char before[32], now[32], text[80];

	kernel_pretend("6.1");
	name_verdict(before, sizeof(before), c, ops);
	kernel_pretend("6.12");
	name_verdict(now, sizeof(now), c, ops);
	if (strcmp(before, now))
		snprintf(text, sizeof(text), "%s, %s", before, now);
	else
		snprintf(text, sizeof(text), "%s", now);
	printf("  %-15s", text);
}

static void print_change(const struct kernel_entry *e)
{
	printf("    %u.%-3u %-22s %-13s %s", e->since.major, e->since.minor, e->name, e->commit,
	       e->what);
	if (e->fixed.major)
		printf("; no longer in %u.%u", e->fixed.major, e->fixed.minor);
	printf("\n");
}

int main(void)
{
	size_t i, j;

	printf("    %-18s", "");
	for (j = 0; j < ARRAY_SIZE(columns); j++)
		printf("  %-15s", columns[j].head);
	printf("\n");
	for (i = 0; i < ARRAY_SIZE(pinners); i++) {
		printf("    %-18s", pinners[i]->name);
		for (j = 0; j < ARRAY_SIZE(columns); j++)
			print_cell(&columns[j], pinners[i]);
		printf("\n");
	}
	printf("\n");
	for (i = NO_CHANGE + 1; i < NR_KERNEL_CHANGES; i++)
		print_change(&kernel_entries[i]);
	return 0;
}
