/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A pinner at work while one thread flips the middle of its range between an ordinary page and a
 * page under test, and another thread touches it.
 */
#ifndef PFNMAP_RACE_H
#define PFNMAP_RACE_H

#include <pthread.h>
#include <stdatomic.h>

#include "../contract/defect.h"
#include "oracle.h"
#include "../pinners/pinner.h"
#include "stage.h"

struct race {
	struct stage stage;
	struct pinner pinner;
	struct oracle before;
	struct buffer middle;
	pthread_t flipper, toucher;
	atomic_bool over;
	atomic_uint flips;
	unsigned int seed, rounds;	/* set by the caller */
	unsigned int taken, refused;
	char what[256];		/* what went wrong, or "" */
	const struct defect *known;	/* a defect of this kernel that kept pages */
};

/*
 * Runs it @r->rounds times. Returns why it cannot run, or NULL; then @r->what is "" when each call
 * ended in a verdict for either page, took one or the other, and nothing but @r->known was kept.
 */
const char *race_run(struct race *r, const struct mapping_ops *mapping,
		     const struct pinner_ops *pinner);

#endif
