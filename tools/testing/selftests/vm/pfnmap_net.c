// SPDX-License-Identifier: GPL-2.0
/*
 * AF_XDP and RDMA hold memory that a network may read and write, or RDMA finds it on demand; RDS
 * writes its answers to it: every mapping.
 */
#define SUITE_PINNERS(PINNER) NET_PINNERS(PINNER)
#include "lib/suite.h"

SUITE_MAIN
