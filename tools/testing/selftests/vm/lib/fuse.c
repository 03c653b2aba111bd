// SPDX-License-Identifier: GPL-2.0
/* A FUSE filesystem that is one file; see fuse.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "detached.h"
#include "fuse.h"

int fuse_make(struct fuse *f, struct pinner *p)
{
	char device[16];
	const struct fs_parameter parameters[] = {
		{ "fd", device }, { "rootmode", "100000" }, { "user_id", "0" }, { "group_id", "0" },
	};
	int err;

	f->scratch = p->scratch;
	f->device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (f->device < 0)
		return pinner_skip(p, "/dev/fuse: %s: %s", strerror(errno),
				   errno == EACCES ? "run as root" :
						     "modprobe fuse (CONFIG_FUSE_FS)");
	snprintf(device, sizeof(device), "%d", f->device);
	f->root = detached_make("fuse", parameters, ARRAY_SIZE(parameters));
	if (f->root >= 0)
		return 0;
	err = errno;
	close(f->device);
	return pinner_skip(p, "no filesystem of FUSE: %s: run as root", strerror(err));
}

int fuse_open_file(struct fuse *f)
{
	int fd = reopen(f->root, O_RDWR), err = errno;

	close(f->root);
	errno = err;
	return fd;
}

ssize_t fuse_answer(const struct fuse *f, const struct fuse_in_header *in, int err,
		    const struct iovec *iov, int n)
{
	struct fuse_out_header out = { sizeof(out) + pinner_length(iov, n), -err, in->unique };
	struct iovec parts[1 + PINNER_MAX_IOVECS] = { { &out, sizeof(out) } };
	ssize_t got;

	if (n)
		memcpy(parts + 1, iov, n * sizeof(*iov));
	got = writev(f->device, parts, 1 + n);
	return got < 0 ? -errno : got;
}

/* Copies @len bytes of an answer to the buffer that is sent; returns their number. */
static size_t put(struct fuse *f, const void *answer, size_t len)
{
	memcpy(f->data, answer, len);
	return len;
}

/* Bytes of the answer, or -errno. */
static ssize_t serve(struct fuse *f, const struct fuse_in_header *in, const void *arg)
{
	const struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION,
		.max_write = FUSE_WRITE_PAGES * PAGE,
	};
	const struct fuse_open_out open = { .open_flags = FOPEN_DIRECT_IO };
	const struct fuse_attr_out attributes = {
		.attr = { .ino = FUSE_ROOT_ID, .mode = S_IFREG | 0600, .nlink = 1 },
	};
	const struct fuse_write_in *write = arg;
	const struct fuse_read_in *read = arg;
	struct fuse_write_out wrote = {};
	ssize_t got;

	switch (in->opcode) {
	case FUSE_INIT:
		return put(f, &init, sizeof(init));
	case FUSE_GETATTR:
		return put(f, &attributes, sizeof(attributes));
	case FUSE_OPEN:
		return put(f, &open, sizeof(open));
	case FUSE_READ:
		got = pread(f->scratch->in, f->data, read->size, read->offset);
		return got < 0 ? -errno : got;
	case FUSE_WRITE:
		got = pwrite(f->scratch->out, write + 1, write->size, write->offset);
		wrote.size = got;
		return got < 0 ? -errno : (ssize_t)put(f, &wrote, sizeof(wrote));
	case FUSE_FLUSH:
	case FUSE_RELEASE:
		return 0;
	default:
		return -ENOSYS;
	}
}

bool fuse_serve(struct fuse *f)
{
	const struct fuse_in_header *in = (void *)f->request;
	ssize_t got = read(f->device, f->request, sizeof(f->request));
	struct iovec data = { f->data, 0 };

	if (got < 0)
		return errno == EINTR;
	if (got < (ssize_t)sizeof(*in))
		return false;
	if (in->opcode == FUSE_FORGET || in->opcode == FUSE_INTERRUPT)
		return true;
	got = serve(f, in, in + 1);
	data.iov_len = got < 0 ? 0 : got;
	/* No process can be told when the answer fails; the next read fails, too. */
	fuse_answer(f, in, got < 0 ? -got : 0, &data, data.iov_len ? 1 : 0);
	return true;
}
