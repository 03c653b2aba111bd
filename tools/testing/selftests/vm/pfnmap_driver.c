// SPDX-License-Identifier: GPL-2.0
/*
 * Drivers that hold memory: a video device for its frames, VMware's for its queues. Every mapping.
 */
#define SUITE_PINNERS(PINNER) DRIVER_PINNERS(PINNER)
#include "lib/suite.h"

SUITE_MAIN
