// SPDX-License-Identifier: GPL-2.0
/* A virtual machine may use any memory of its process: every mapping. */
#define SUITE_PINNERS(PINNER) KVM_PINNERS(PINNER)
#include "lib/suite.h"

SUITE_MAIN
