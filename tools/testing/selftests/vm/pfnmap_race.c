// SPDX-License-Identifier: GPL-2.0
/*
 * Pinners at work while their range changes between ordinary memory and memory under test: each
 * call ends in a verdict of either, and takes one or the other. --seed repeats what the threads do,
 * --rounds sets how often.
 */
#define SUITE_USES(PINNER)		\
	PINNER(register_buffers)	\
	PINNER(direct)			\
	PINNER(vmsplice)		\
	PINNER(process_vm)		\
	PINNER(xdp)			\
	PINNER(type1)			\
	PINNER(pin_fast)
#define SUITE_ROUNDS 10
#include "lib/suite.h"
#include "lib/race.h"

FIXTURE(race)
{
	struct race race;
};

FIXTURE_VARIANT(race)
{
	const struct mapping_ops *mapping;
};

#define MAPPING(name) FIXTURE_VARIANT_ADD(race, name) { .mapping = &mapping_##name };
MAPPINGS(MAPPING)
#undef MAPPING

FIXTURE_SETUP(race)
{
	self->race.seed = suite_seed;
	self->race.rounds = suite_rounds;
}

FIXTURE_TEARDOWN(race) {}

/* race.MAPPING.PINNER */
#define PINNER(name)									\
	TEST_F(race, name)								\
	{										\
		const char *why = race_run(&self->race, variant->mapping, &pinner_##name); \
											\
		if (why)								\
			SUITE_SKIP("%s", why);					\
		if (self->race.known && !self->race.what[0])				\
			SUITE_XFAIL(defect_reference(self->race.known));			\
		EXPECT_STREQ("", self->race.what);					\
	}
SUITE_USES(PINNER)
#undef PINNER

SUITE_MAIN
