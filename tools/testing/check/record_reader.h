/* SPDX-License-Identifier: GPL-2.0 */
/* Makes calls of the lines of contract/record.h, for programs that judge recorded runs. */
#ifndef PFNMAP_RECORD_READER_H
#define PFNMAP_RECORD_READER_H

#include <stdio.h>

#include "contract/contract.h"

/* One result of a run. It and what it points to are valid during the call of @take. */
struct recorded_result {
	const char *mapping;	/* its name */
	const char *facts;	/* its line, from "granule=" on */
	const char *how;	/* mode or direction, with "_" for spaces, or "-" */
	struct call call;
	ssize_t got;		/* bytes or -errno */
};

/*
 * Reads the lines of one run from @f and hands each result to @take, while the contract is that of
 * the run's kernel, and stays so. Reports lines that it cannot read as "# WRONG" on stderr.
 * Returns their number.
 */
unsigned int record_reader_read(FILE *f, void (*take)(const struct recorded_result *r));

/* The mappings of the run that was read last: calls @take with each. */
void record_reader_mappings(void (*take)(const char *name, const struct mapping_props *m));

#endif
