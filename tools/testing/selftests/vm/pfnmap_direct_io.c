// SPDX-License-Identifier: GPL-2.0
/*
 * O_DIRECT takes user pages during one call, and so does a SCSI command by SG_IO: every mapping, on
 * a file, on a block device and on a disk.
 */
#define SUITE_PINNERS(PINNER) DIRECT_IO_PINNERS(PINNER)
#include "lib/suite.h"

SUITE_MAIN
