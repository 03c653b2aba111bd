// SPDX-License-Identifier: GPL-2.0
/* Video devices hold memory for their frames: every mapping. */
#define SUITE_PINNERS(PINNER) MEDIA_PINNERS(PINNER)
#include "lib/suite.h"

SUITE_MAIN
