// SPDX-License-Identifier: GPL-2.0
/* io_uring takes user pages by registration and by O_DIRECT I/O: every mapping, in every way. */
#define SUITE_PINNERS(PINNER) IO_URING_PINNERS(PINNER)
#include "lib/suite.h"

SUITE_MAIN
