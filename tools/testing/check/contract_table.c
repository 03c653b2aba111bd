// SPDX-License-Identifier: GPL-2.0
/*
 * The README's table of what the contract owes, made from the contract itself: each pinner, as it is
 * first asked, at memory of a few plain kinds, on two kernels.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "pinners/pinner.h"

static const char *release;

/* The contract takes the kernel that it is asked for to be the one that runs. */
int uname(struct utsname *name)
{
	snprintf(name->release, sizeof(name->release), "%s", release);
	return 0;
}

#define KIND .readable = true, .writable = true, .fault_pages = SIZE_MAX, .write_faults = SIZE_MAX, \
	     .cpu_pages = SIZE_MAX, .counted_pages = SIZE_MAX, .compound = 1

static const struct column {
	const char *head, *layout;
	struct mapping_props props;
} columns[] = {
	{ "vma says no", "P", { KIND, .vma_refuses = true, .pfnmap = true, .special = true } },
	{ "PTE says no", "P", { KIND, .special = true } },
	{ "vma no, PTE yes", "P", { KIND, .vma_refuses = true } },
	{ "hole", "P", { .absent = true } },
	{ "[good][vma no]", "GP", { KIND, .vma_refuses = true, .pfnmap = true, .special = true } },
};

static const struct pinner_ops *const pinners[] = {
#define PINNER(name) &pinner_##name,
	PINNERS(PINNER)
#undef PINNER
};

static void name_verdict(char *text, size_t size, const struct column *c, const struct pinner_ops *ops)
{
	static char room[LAYOUT_PAGES * PAGE];
	struct pinner p = { .ops = ops, .mode = ops->modes };
	struct pinner_props props = pinner_props(&p, TO_FILE);
	static struct buffer b;
	struct verdict v;

	pinner_fit(ops, &b, layout_named(c->layout), room, 1);
	v = contract_verdict(&c->props, &props, &b);
	if (v.err)
		snprintf(text, size, "%s", strerrorname_np(v.err));
	else
		snprintf(text, size, v.bytes == b.len ? "ok" : "short");
}

static void print_cell(const struct column *c, const struct pinner_ops *ops)
{
	char before[32], now[32], text[80];

	release = "6.1";
	name_verdict(before, sizeof(before), c, ops);
	release = "6.12";
	name_verdict(now, sizeof(now), c, ops);
	if (strcmp(before, now))
		snprintf(text, sizeof(text), "%s, %s", before, now);
	else
		snprintf(text, sizeof(text), "%s", now);
	printf("  %-15s", text);
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
	for (i = NO_CHANGE + 1; i < NR_CHANGES; i++)
		printf("    %u.%-3u %-13s %s\n", contract_changes[i].since.major,
		       contract_changes[i].since.minor, contract_changes[i].commit,
		       contract_changes[i].what);
	return 0;
}
