// SPDX-License-Identifier: GPL-2.0
/*
 * A program of the suite with each outcome that a test can have, for those who read the output: see
 * readers.sh.
 */
#define _GNU_SOURCE
#define SUITE_ROUNDS 10
#include "lib/suite.h"

FIXTURE(outcome) {};

FIXTURE_VARIANT(outcome) {
	int unused;
};

FIXTURE_VARIANT_ADD(outcome, of_a_mapping) {};

FIXTURE_SETUP(outcome) {}

FIXTURE_TEARDOWN(outcome) {}

TEST_F(outcome, passes)
{
	EXPECT_EQ(0, 0);
}

TEST_F(outcome, skips)
{
	SUITE_SKIP("no /dev/%s: CONFIG_%s # ok 1 not a result", "example", "EXAMPLE");
}

TEST_F(outcome, is_a_known_defect)
{
	SUITE_XFAIL("mm/example.c, example(): a page is put twice");
}

TEST_F(outcome, fails)
{
	EXPECT_EQ(1, 2);
}

TEST_F(outcome, crashes)
{
	raise(SIGSEGV);
}

TEST_F_TIMEOUT(outcome, hangs, 1)
{
	pause();
}

SUITE_MAIN
