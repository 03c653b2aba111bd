/* SPDX-License-Identifier: GPL-2.0 */
/* An open file of /dev/pfnmap_test, which main.c, vma.c and gup.c share. */
#ifndef PFNMAP_TEST_SOURCE_H
#define PFNMAP_TEST_SOURCE_H

#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include "pfnmap_test.h"

struct source {
	/* Set once by PFNMAP_TEST_SETUP, and then only read. */
	struct pfnmap_test_setup setup;
	bool ready;
	unsigned long pfn;	/* of the first page */
	void *kernel;		/* where the kernel has the memory mapped */

	atomic_t faults, huge_faults, opens, closes;
	atomic_t fails;		/* faults that are still to fail */
	struct mutex late;	/* the first fault of a LATE vma is one */

	struct mutex lock;	/* of what follows */
	struct list_head batches;	/* what GUP took and holds, for gup.c */
	unsigned int held;	/* pages in them */
	struct page **slots;	/* of the last call */
};

/* vma.c: makes @vma one of the source, which is ready. 0 or -errno. */
int source_mmap(struct source *s, struct vm_area_struct *vma);

/* gup.c: the ioctls of the same names. 0 or -errno; GUP's result is in the struct. */
long source_gup(struct source *s, struct pfnmap_test_gup __user *arg);
long source_move(struct source *s, struct pfnmap_test_move __user *arg);

/* gup.c: gives back everything that is held. */
void source_put(struct source *s);

#endif
