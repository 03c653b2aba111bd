// SPDX-License-Identifier: GPL-2.0
/*
 * Feeds recorded runs of real kernels to the contract: every recorded result must be what the rules
 * say for that kernel, or one of its known defects. Reads one run from stdin; nothing is booted.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "contract/defect.h"
#include "contract/explain.h"
#include "contract/record.h"
#include "pinners/pinner.h"
#include "record_reader.h"

static unsigned int results, defects, wrong;

static void judge(const struct recorded_result *r)
{
	const struct call *c = &r->call;
	struct verdict want = contract_verdict(c), seen = verdict_seen(r->got);
	char expected[32], observed[32];

	results++;
	if (contract_met(want, r->got))
		return;
	if (defect_find(c, want, seen)) {
		defects++;
		return;
	}
	wrong++;
	printf("# WRONG mapping %s, pinner %s, layout %s: %s: expected %s, recorded %s\n",
	       r->mapping, c->pinner->name, c->buffer->layout->name, r->how,
	       record_result(want.err ? -want.err : (ssize_t)want.bytes, expected,
			     sizeof(expected)),
	       record_result(r->got, observed, sizeof(observed)));
	explain(c, want, seen);
}

int main(void)
{
	wrong += record_reader_read(stdin, judge);
	printf("%u results, %u of them known defects, %u wrong\n", results, defects, wrong);
	return wrong || !results;
}
