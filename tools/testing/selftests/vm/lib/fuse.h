/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A FUSE filesystem that is one file and is mounted nowhere. The process that holds its device
 * serves it; it ends when no process does.
 */
#ifndef PFNMAP_FUSE_H
#define PFNMAP_FUSE_H

#include <linux/fuse.h>
#include <stdbool.h>
#include <sys/uio.h>

#include "pattern.h"
#include "../pinners/pinner.h"

#define FUSE_WRITE_PAGES 32	/* bytes that the kernel writes in one request */
#define FUSE_REQUEST_SIZE (FUSE_MIN_READ_BUFFER + FUSE_WRITE_PAGES * MAX_PAGE)

struct fuse {
	const struct scratch *scratch;	/* of what is written and read */
	int device;
	int root;			/* root of the filesystem, until its file is open */
	/* One request, and the data of its answer. */
	char request[FUSE_REQUEST_SIZE];
	char data[FUSE_WRITE_PAGES * MAX_PAGE];
};

/*
 * Makes one on the pinner's scratch, with both descriptors open; 0, or -1 with the reason in
 * @p->why.
 */
int fuse_make(struct fuse *f, struct pinner *p);

/* Opens its one file while another process serves, and closes the root. -1 with errno set. */
int fuse_open_file(struct fuse *f);

/* Waits for a request and answers it. False when the filesystem has ended. */
bool fuse_serve(struct fuse *f);

/* Answers a request with @err, an errno or 0, followed by @iov. Bytes or -errno. */
ssize_t fuse_answer(const struct fuse *f, const struct fuse_in_header *in, int err,
		    const struct iovec *iov, int n);

#endif
