/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A filesystem of FUSE that is one file and mounted nowhere. Whoever holds its device serves it; it ends
 * when nobody does.
 */
#ifndef PFNMAP_FUSE_H
#define PFNMAP_FUSE_H

#include <linux/fuse.h>
#include <stdbool.h>
#include <sys/uio.h>

#include "pattern.h"
#include "../pinners/pinner.h"

#define FUSE_WRITE_PAGES 32	/* that the kernel writes at once without being asked for more */
#define FUSE_REQUEST_SIZE (FUSE_MIN_READ_BUFFER + FUSE_WRITE_PAGES * PAGE)

struct fuse {
	const struct scratch *scratch;	/* what is written goes there, what is read comes from there */
	int device;
	int root;			/* of the filesystem, until its file is open */
	/* One request, and the data of its answer. */
	char request[FUSE_REQUEST_SIZE];
	char data[FUSE_WRITE_PAGES * PAGE];
};

/* Makes one on the pinner's scratch, with both descriptors open; 0, or -1 with the reason in @p->why. */
int fuse_make(struct fuse *f, struct pinner *p);

/* Its one file, open, while somebody else serves; closes the root. -1 with errno set. */
int fuse_open_file(struct fuse *f);

/* Waits for a request and answers it. False when the filesystem has come to its end. */
bool fuse_serve(struct fuse *f);

/* Answers a request with @err, an errno or 0, and @iov behind it. Bytes or -errno. */
ssize_t fuse_answer(const struct fuse *f, const struct fuse_in_header *in, int err,
		    const struct iovec *iov, int n);

#endif
