/* SPDX-License-Identifier: GPL-2.0 */
/* What recorded runs know, collected: a row for each pinner, mapping and mode. */
#ifndef PFNMAP_ATLAS_ROWS_H
#define PFNMAP_ATLAS_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/kernel.h"
#include "pinners/pinner.h"

#define MAX_RUNS 64
#define MAX_MAPPINGS 256	/* of all runs together */

/* A set of entries of kernel.c is an integer with a bit for each. */
#define ENTRY_BIT(e) ((__uint128_t)1 << (e))

_Static_assert(NR_KERNEL_ENTRIES <= 128, "a set of entries has 128 bits");

struct run {
	const char *name;
	char kernel[1024];	/* kernel_describe() */
	__uint128_t has;		/* entries of kernel.c that the kernel has */
};

/* Texts, each stored once and known by its number. */
struct texts {
	void *tree;
	size_t n;
	char **all;
};

/* One pinner, mapping and mode, over all runs. */
struct row {
	const struct pinner_ops *pinner;
	char mapping[32];
	char how[32];
	struct {
		bool there;
		size_t result;		/* in results */
		__uint128_t defects;	/* in it */
		__uint128_t turned;	/* by these entries, since the run before that has it */
	} runs[MAX_RUNS];
};

extern struct run runs[MAX_RUNS];	/* the oldest kernel first */
extern size_t nr_runs;
extern struct texts results;		/* "P=all GP=1_page", see rows.c */
extern struct texts facts;		/* of mappings, as records have them */
extern struct texts mappings_read;	/* their names */
extern size_t facts_of[MAX_RUNS][MAX_MAPPINGS];	/* by run and mapping: 0 none, or one more */

/* Adds the record in @file as run @name. False with a message when it cannot be read. */
bool rows_add_run(const char *name, const char *file);

/* Calls @take with each row. */
void rows_walk(void (*take)(const struct row *row));

/* The number of @string, which is stored when it is new. */
size_t text_index(struct texts *t, const char *string);

/* Bytes of the word at @text, and the next word. */
size_t word_len(const char *text);
const char *word_after(const char *text);

/* The two forms of the atlas, on stdout. */
void print_json(void);
void print_text(void);

#endif
