// SPDX-License-Identifier: GPL-2.0
/* A shared futex takes its page for a moment, to identify it by its file: every mapping. */
#define SUITE_PINNERS(PINNER) FUTEX_PINNERS(PINNER)
#include "lib/suite.h"

SUITE_MAIN
