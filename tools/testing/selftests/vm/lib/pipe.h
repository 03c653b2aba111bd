/* SPDX-License-Identifier: GPL-2.0 */
/* Pipes for the pinners that put user pages into one. */
#ifndef PFNMAP_PIPE_H
#define PFNMAP_PIPE_H

#include "../pinners/pinner.h"

#define PIPE_PAGES 64	/* pages that fit in the pipe; an unprivileged limit is 256 */

/* Makes a pipe of PIPE_PAGES for @p; 0, or -1 with the reason in @p->why. */
int pipe_make(struct pinner *p, int ends[2]);
void pipe_close(int ends[2]);

/* What a pinner by vmsplice() is, wherever the pages go from the pipe. */
#define PIPE_VMSPLICE					\
	.rule = short_count,				\
	.caller = "iter_to_pipe(), fs/splice.c",	\
	.flags = GUP_FAST | FOLL_GET,			\
	.scratch = SCRATCH_MEMORY,			\
	.one_way = true

#endif
