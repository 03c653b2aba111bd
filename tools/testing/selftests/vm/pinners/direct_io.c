// SPDX-License-Identifier: GPL-2.0
/*
 * O_DIRECT: by a plain call (one iovec pread/pwrite, several preadv/pwritev) and by libaio's system
 * calls, on a file and on a block device. bio_iov_iter_get_pages() pins; GUP-fast first. It was
 * FOLL_GET before 6.5 (a7e689dd1c06) and is FOLL_PIN since, so only later kernels count these pins.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/aio_abi.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../lib/fat.h"
#include "pinner.h"

#define BIO_MAX_VECS 256	/* include/linux/bio.h */
#define SECTOR 512
#define SHARED_PAGES 32		/* that go to the host at once */

static ssize_t sync_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
		       off_t at)
{
	int fd = dir == TO_FILE ? p->scratch->out : p->scratch->in;
	ssize_t got;

	if (n > 1)
		got = dir == TO_FILE ? pwritev(fd, iov, n, at) : preadv(fd, iov, n, at);
	else
		got = dir == TO_FILE ? pwrite(fd, iov->iov_base, iov->iov_len, at) :
				       pread(fd, iov->iov_base, iov->iov_len, at);
	return got < 0 ? -errno : got;
}

static int aio_open(struct pinner *p)
{
	aio_context_t context = 0;

	if (syscall(SYS_io_setup, 1, &context))
		return pinner_skip(p, "io_setup: %s (CONFIG_AIO, sysctl fs.aio-max-nr)",
				   strerror(errno));
	p->state = (void *)context;
	return 0;
}

static void aio_close(struct pinner *p)
{
	if (p->state)
		syscall(SYS_io_destroy, (aio_context_t)p->state);
}

static ssize_t aio_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
		      off_t at)
{
	aio_context_t context = (aio_context_t)p->state;
	struct iocb iocb = {
		.aio_fildes = dir == TO_FILE ? p->scratch->out : p->scratch->in,
		.aio_lio_opcode = dir == TO_FILE ? IOCB_CMD_PWRITEV : IOCB_CMD_PREADV,
		.aio_buf = (uintptr_t)iov,
		.aio_nbytes = n,
		.aio_offset = at,
	};
	struct iocb *iocbs[] = { &iocb };
	struct io_event event;

	if (syscall(SYS_io_submit, context, 1, iocbs) != 1)
		return -errno;
	if (syscall(SYS_io_getevents, context, 1, 1, &event, NULL) != 1)
		return -errno;
	return event.res;
}

/* iomap_dio_rw() gives back what a bio held and fails with the bad page's errno. */
#define FILE_PROPS .fast = true, .asks_again = true, .code = CODE_IOMAP, .partial = ALL_OR_NOTHING

/* block/fops.c: one bio stops short and the rest goes through the page cache; several bios fail. */
#define BLOCK_PROPS .fast = true, .asks_again = true, .partial = REST_BY_CPU, .one_bio = BIO_MAX_VECS

/* The same, but nobody is there to do the rest, and the errno is lost in bi_status. */
#define BLOCK_AIO_PROPS .fast = true, .asks_again = true, .partial = SHORT_COUNT, .one_bio = BIO_MAX_VECS, \
			.many_bios_errno = EIO

const struct pinner_ops pinner_direct = {
	.name = "direct",
	.props = { FILE_PROPS },
	.scratch = SCRATCH_DIRECT,
	.align = SECTOR,
	.io = sync_io,
};

const struct pinner_ops pinner_aio = {
	.name = "aio",
	.props = { FILE_PROPS },
	.scratch = SCRATCH_DIRECT,
	.align = SECTOR,
	.open = aio_open,
	.close = aio_close,
	.io = aio_io,
};

const struct pinner_ops pinner_block = {
	.name = "block",
	.props = { BLOCK_PROPS },
	.scratch = SCRATCH_BLOCK,
	.align = SECTOR,
	.io = sync_io,
};

const struct pinner_ops pinner_block_aio = {
	.name = "block_aio",
	.props = { BLOCK_AIO_PROPS },
	.scratch = SCRATCH_BLOCK,
	.align = SECTOR,
	.open = aio_open,
	.close = aio_close,
	.io = aio_io,
};

/* net/9p/trans_virtio.c, p9_get_mapped_pages(), and since 6.8 before it fs/netfs/iterator.c. */
const struct pinner_ops pinner_virtio_9p = {
	.name = "virtio_9p",
	.props = { .fast = true, .asks_again = true, .each_iovec = true, .partial = SHORT_COUNT },
	.scratch = SCRATCH_9P,
	.align = PAGE,
	.max_pages = SHARED_PAGES,
	.io = sync_io,
};

/* fs/nfs/direct.c: as many pages at a time as go in a request. */
const struct pinner_ops pinner_nfs = {
	.name = "nfs",
	.props = { .fast = true, .asks_again = true, .each_iovec = true, .code = CODE_NFS,
		   .partial = SHORT_COUNT },
	.scratch = SCRATCH_NFS,
	.align = 1,
	.io = sync_io,
};

/*
 * fs/direct-io.c: what is left goes through the page cache, but for a write that is refused inside of a
 * cluster, which dio_refill_pages() ends with zeros lest the file shows what the disk held before.
 */
const struct pinner_ops pinner_fat = {
	.name = "fat",
	.props = {
		.fast = true, .asks_again = true, .each_iovec = true,
		.partial = REST_BY_CPU, .spares_efault = true, .zeroed_block = FAT_CLUSTER,
	},
	.scratch = SCRATCH_FAT,
	.align = SECTOR,
	.io = sync_io,
};
