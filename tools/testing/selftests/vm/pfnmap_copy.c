// SPDX-License-Identifier: GPL-2.0
/* Buffered I/O copies with the CPU and must work where pinning must not: every mapping. */
#define SUITE_PINNERS(PINNER) COPY_PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/witness.h"

FIXTURE(witness) {};

FIXTURE_SETUP(witness) {}

FIXTURE_TEARDOWN(witness) {}

#define LEAVE_BYTES(mapping) do {					\
	const char *why;						\
	int left = witness_leave(mapping, &why);			\
									\
	if (left > 0)							\
		SUITE_SKIP("%s", why);				\
	EXPECT_EQ(0, left) TH_LOG("%s: %s", (mapping)->name, why);	\
} while (0)

TEST_F(witness, bytes_left_in_a_bar_by_sysfs)
{
	LEAVE_BYTES(&mapping_pci_resource);
}

TEST_F(witness, bytes_left_in_a_bar_by_vfio)
{
	LEAVE_BYTES(&mapping_vfio_group);
}

SUITE_MAIN
