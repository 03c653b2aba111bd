// SPDX-License-Identifier: GPL-2.0
/* The kernel's own gup_test calls GUP on addresses of this process: every mapping. */
#define SUITE_PINNERS(PINNER) GUP_TEST_PINNERS(PINNER)
#include "lib/suite.h"

SUITE_MAIN
