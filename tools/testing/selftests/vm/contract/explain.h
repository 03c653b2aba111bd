/* SPDX-License-Identifier: GPL-2.0 */
/* Why a result is expected, and what would explain the one that was observed. */
#ifndef PFNMAP_EXPLAIN_H
#define PFNMAP_EXPLAIN_H

#include "contract.h"
#include "kernel.h"

/*
 * Prints "# " lines: the page that decides and the reason, what the caller does with it, and each
 * single change or known defect of kernel.c whose absence or presence would make @seen the expected
 * result. Prints nothing when that is what it printed last.
 */
void explain(const struct call *c, struct verdict want, struct verdict seen);

#endif
