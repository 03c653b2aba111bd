/* SPDX-License-Identifier: GPL-2.0 */
/* The rule for packets, shared by the pinners that send with MSG_ZEROCOPY. */
#ifndef PFNMAP_ZEROCOPY_H
#define PFNMAP_ZEROCOPY_H

#include <errno.h>

#include "pinner.h"

/*
 * net/core/datagram.c, __zerocopy_sg_from_iter(), and net/rds/message.c: a refusal is EFAULT, not
 * GUP's errno.
 */
static inline struct verdict zerocopy_from_iter(const struct call *c)
{
	return verdict_errno(page_by_page(c), EFAULT);
}

#endif
