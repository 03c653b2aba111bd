/* SPDX-License-Identifier: GPL-2.0 */
/* Why a result is expected, and what would explain the one that was observed. */
#ifndef PFNMAP_EXPLAIN_H
#define PFNMAP_EXPLAIN_H

#include "contract.h"
#include "kernel.h"

/*
 * Prints "# " lines: the page that decides and its reason, what the caller makes of it, and the one
 * change or known defect of kernel.c, if there is one, with which the contract would be @seen.
 */
void explain(const struct call *c, struct verdict want, struct verdict seen);

#endif
