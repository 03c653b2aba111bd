/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory whose pages come when they are asked for, from another thread (userfaultfd): each fault
 * sleeps, gives up the mmap lock, and is tried again.
 */
#ifndef PFNMAP_FAULTS_H
#define PFNMAP_FAULTS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct faults {
	char *base;
	size_t pages;
	unsigned int salt;	/* page i holds PATTERN_ID(@salt, i) when it comes */
	atomic_uint served;	/* faults that have come */
	/* Called while a page is waited for, by who brings it; false: it never comes. */
	bool (*may_come)(struct faults *f);
	void *arg;		/* of the user of @may_come */
	int uffd, stop;
	pthread_t server;
	char why[256];
};

/*
 * Maps @pages pages; @f has @may_come and @arg, or zeros. Returns NULL, or why it cannot;
 * faults_close() undoes it.
 */
const char *faults_open(struct faults *f, size_t pages, unsigned int salt);
void faults_close(struct faults *f);

/*
 * Takes all pages away but the second one, so that GUP has taken pages when it must wait again.
 * Returns 0 or -errno.
 */
int faults_renew(struct faults *f);

#endif
