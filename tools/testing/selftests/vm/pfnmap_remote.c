// SPDX-License-Identifier: GPL-2.0
/* process_vm_readv() and writev(), and /proc/PID/mem, reach into a process from outside: every mapping. */
#define SUITE_PINNERS(PINNER) REMOTE_PINNERS(PINNER)
#include "lib/suite.h"

SUITE_MAIN
