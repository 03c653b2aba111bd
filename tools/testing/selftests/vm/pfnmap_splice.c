// SPDX-License-Identifier: GPL-2.0
/* vmsplice(), MSG_ZEROCOPY and TLS pass user pages on without a copy: every mapping. */
#define SUITE_PINNERS(PINNER) SPLICE_PINNERS(PINNER)
#include "lib/suite.h"

SUITE_MAIN
