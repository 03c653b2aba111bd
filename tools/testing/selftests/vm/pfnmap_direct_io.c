// SPDX-License-Identifier: GPL-2.0
/*
 * O_DIRECT takes user pages for the time of one call: every mapping, on a file and on a block device.
 */
#define SUITE_PINNERS(PINNER) DIRECT_IO_PINNERS(PINNER)
#include "lib/suite.h"

SUITE_MAIN
