// SPDX-License-Identifier: GPL-2.0
/*
 * O_DIRECT, on a file and on a block device: by pread() and pwrite() for one iovec, preadv() and
 * pwritev() for several, and by the system calls of libaio. bio_iov_iter_get_pages() takes the
 * pages, by GUP-fast first. It uses FOLL_PIN since 6.5 (a7e689dd1c06) and FOLL_GET before, so only
 * kernels since 6.5 count these pins.
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
#include "iomap.h"

#define BIO_MAX_VECS 256	/* include/linux/bio.h */
#define SECTOR 512
#define BTRFS_PAGES 8		/* that btrfs_buffered_write() takes at a time, at least */
#define SHARED_PAGES 32		/* of one request to the host */

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

/*
 * Sets @bad to the first refused page: pages [0, @bad) are in bios. @bad is the number of pages of
 * the buffer when no page is refused.
 */
static struct outcome fill_bios(const struct call *c, unsigned int *bad)
{
	struct call bio = *c;
	struct outcome why;

	bio.flags = bio_flags(c);
	*bad = call_first_refused(&bio, call_gup, 0, c->buffer->pages, &why);
	if (*bad > 0 && *bad < c->buffer->pages)
		why = call_again(&bio, call_gup, *bad);
	return why;
}

/*
 * A refused page ends a single bio early, and the rest of the I/O goes through the page cache. A
 * buffer that needs several bios fails.
 */
static struct verdict blkdev_direct_io(const struct call *c)
{
	const struct buffer *b = c->buffer;
	unsigned int bad;
	struct outcome why = fill_bios(c, &bad);

	if (bad == b->pages)
		return verdict_taken(b->len);
	if (bad == 0 || b->pages > BIO_MAX_VECS)
		return verdict_refused(bad, why, "one refused page fails the call with its errno");
	return verdict_short(layout_bytes_before(b, bad) + call_cpu_bytes(c, bad), bad, why,
			     "the bio has the pages before the refusal, the CPU copies the rest");
}

/* zone_device_pages_have_same_pgmap(): the first page that a bio cannot have beside page 0. */
static unsigned int pages_of_one_pgmap(const struct call *c)
{
	struct user_page first = call_page(c, 0), page;
	unsigned int i;

	for (i = 1; i < c->buffer->pages; i++) {
		page = call_page(c, i);
		if ((page.zone_device || page.fsdax) != (first.zone_device || first.fsdax))
			break;
	}
	return i;
}

static const struct outcome other_pgmap = {
	.reason = "one call extracts pages of one pgmap, for one bio",
	.function = "iov_iter_extract_bvecs(), lib/iov_iter.c",
};

/* errno_to_blk_status(), block/blk-core.c, knows few: the others are EIO. */
static int errno_of_bi_status(int err)
{
	return err == EREMOTEIO && kernel_has(BLOCK_AIO_STATUS) ? err : EIO;
}

/*
 * The I/O does not continue through the page cache after a refused page. With several bios the
 * errno is lost: bi_status has EIO. Before 5.16 there was a next bio after every short one.
 */
static struct verdict blkdev_direct_io_async(const struct call *c)
{
	const struct buffer *b = c->buffer;
	unsigned int bad;
	struct outcome why = fill_bios(c, &bad);
	unsigned int one = kernel_has(BIO_ONE_PGMAP) ? pages_of_one_pgmap(c) : b->pages;

	if (b->pages <= BIO_MAX_VECS && one < bad)
		return verdict_short(layout_bytes_before(b, one), one, other_pgmap,
				     "the bio ends there, and nothing does the rest");
	if (bad == b->pages)
		return verdict_taken(b->len);
	if (b->pages > BIO_MAX_VECS || !kernel_has(BLOCK_AIO_ERRNO))
		return verdict_errno(verdict_refused(bad, why, ""), errno_of_bi_status(why.err));
	if (bad == 0)
		return verdict_refused(bad, why, "the first page is refused");
	return verdict_short(layout_bytes_before(b, bad), bad, why,
			     "the bio has the pages before the refusal, the errno is lost");
}

/*
 * A write fails in the middle of a block: dio_refill_pages() zeroes the rest of the block, so that
 * a reader of the file does not see stale data of the disk.
 */
static struct verdict zero_block(const struct buffer *b, unsigned int bad, struct outcome why)
{
	struct verdict v = verdict_refused(bad, why,
					   "the call fails, the rest of the block is zeros");
	size_t blocks = layout_bytes_before(b, bad) / FAT_CLUSTER + 1;

	v.zeroed = layout_pages_with(b, blocks * FAT_CLUSTER);
	return v;
}

/*
 * fs/direct-io.c: dio_complete() returns the bytes done so far instead of EFAULT, and no other
 * errno. The rest of the I/O goes through the page cache.
 */
static struct verdict do_blockdev_direct_io(const struct call *c)
{
	const struct buffer *b = c->buffer;
	struct call bio = *c;
	struct verdict v;

	bio.flags = bio_flags(c);
	v = pinned_iovec_by_iovec(&bio, call_gup);
	if (!v.err || v.page == 0 || v.err != EFAULT)
		return v;
	if (!(c->flags & FOLL_WRITE) && layout_bytes_before(b, v.page) % FAT_CLUSTER)
		return zero_block(b, v.page, v.why);
	return verdict_short(layout_bytes_before(b, v.page) + call_cpu_bytes(c, v.page), v.page,
			     v.why,
			     "pages before the refusal are written, the CPU copies the rest");
}

static const struct outcome no_access = {
	.err = EFAULT, .step = FAULT,
	.reason = "a CPU cannot reach the page",
	.function = "fault_in_iov_iter_readable(), lib/iov_iter.c",
};

/*
 * Bytes that the CPU copies from page @i on. A write first faults in what it will copy:
 * fault_in_iov_iter_readable().
 */
static size_t btrfs_buffered_bytes(const struct call *c, unsigned int i)
{
	size_t bytes = call_cpu_bytes(c, i);

	if (layout_bytes_before(c->buffer, i) + bytes == c->buffer->len)
		return bytes;
	return c->flags & FOLL_WRITE || kernel_has(BTRFS_COPIES_PAGES) ? bytes : 0;
}

/*
 * The pages are taken without faults (FOLL_NOFAULT), then faulted in, and taken again. What is
 * refused both times, or is no whole block (check_direct_IO()), goes through the page cache. A
 * write that fails there loses the count of what went before.
 */
static struct verdict btrfs_direct_io(const struct call *c)
{
	const struct buffer *b = c->buffer;
	struct call again = *c;
	struct verdict v = { .err = EFAULT };
	size_t bytes;

	if (!b->layout->sub && !kernel_has(BTRFS_COPIES))
		return iomap_dio_rw(c);
	again.asked_before = true;
	if (!b->layout->sub)
		v = iomap_dio_rw(&again);
	if (!v.err || (v.err != EFAULT && !kernel_has(BTRFS_ANY_ERRNO)))
		return v;
	bytes = btrfs_buffered_bytes(c, v.page);
	if (!bytes && (!v.page || !(c->flags & FOLL_WRITE)))
		return verdict_refused(v.page, no_access, "the CPU cannot copy it, either");
	bytes += layout_bytes_before(b, v.page);
	if (bytes == b->len)
		return verdict_taken(bytes);
	return verdict_short(bytes, layout_pages_with(b, bytes), no_access,
			     "the CPU copies what GUP refuses");
}

static const struct defect nfs_defects[] = {
	{ .id = NFS_LOSES_ERRNO, .flaw = LOSES_ERRNO },
	{}
};

const struct pinner_ops pinner_direct = {
	.name = "direct",
	.rule = iomap_dio_rw,
	.caller = "iomap_dio_rw(), fs/iomap/direct-io.c",
	.flags = GUP_FAST,
	.defects = iomap_defects,
	.scratch = SCRATCH_DIRECT,
	.align = SECTOR,
	.io = sync_io,
};

const struct pinner_ops pinner_aio = {
	.name = "aio",
	.rule = iomap_dio_rw,
	.caller = "iomap_dio_rw(), fs/iomap/direct-io.c",
	.flags = GUP_FAST,
	.defects = iomap_defects,
	.scratch = SCRATCH_DIRECT,
	.align = SECTOR,
	.open = aio_open,
	.close = aio_close,
	.io = aio_io,
};

const struct pinner_ops pinner_block = {
	.name = "block",
	.rule = blkdev_direct_io,
	.caller = "blkdev_direct_IO(), block/fops.c",
	.flags = GUP_FAST,
	.defects = bio_defects,
	.cpu_copies = true,
	.scratch = SCRATCH_BLOCK,
	.align = SECTOR,
	.io = sync_io,
};

const struct pinner_ops pinner_block_aio = {
	.name = "block_aio",
	.rule = blkdev_direct_io_async,
	.caller = "__blkdev_direct_IO_async(), block/fops.c",
	.flags = GUP_FAST,
	.defects = bio_defects,
	.scratch = SCRATCH_BLOCK,
	.align = SECTOR,
	.open = aio_open,
	.close = aio_close,
	.io = aio_io,
};

static const struct defect cut_defects[] = {
	{ .id = BIO_CUT_KEEPS_PINS, .flaw = CUT_KEEPS_PAGES },
	{}
};

const struct pinner_ops pinner_block_4k = {
	.name = "block_4k",
	.rule = blkdev_direct_io,
	.caller = "blkdev_direct_IO(), block/fops.c",
	.flags = GUP_FAST,
	.defects = cut_defects,
	.cpu_copies = true,
	.scratch = SCRATCH_BLOCK_4K,
	.align = SECTOR,
	.io = sync_io,
};

const struct pinner_ops pinner_block_4k_aio = {
	.name = "block_4k_aio",
	.rule = blkdev_direct_io_async,
	.caller = "__blkdev_direct_IO_async(), block/fops.c",
	.flags = GUP_FAST,
	.defects = cut_defects,
	.scratch = SCRATCH_BLOCK_4K,
	.align = SECTOR,
	.open = aio_open,
	.close = aio_close,
	.io = aio_io,
};

/* Nothing was moved: a write is 0 bytes, a read is EIO. */
static bool netfs_errno_lost(const struct call *c, struct verdict want, struct verdict seen)
{
	if (!want.err || want.reach)
		return false;
	return c->flags & FOLL_WRITE ? seen.err == EIO : !seen.err && !seen.bytes;
}

static const struct defect virtio_9p_defects[] = {
	{ .id = NETFS_LOSES_ERRNO, .explains = netfs_errno_lost },
	{ .id = P9_UNKILLABLE, .flaw = CANNOT_BE_KILLED },
	{}
};

/* Since 6.8 fs/netfs/iterator.c takes the pages before p9_get_mapped_pages() is called. */
const struct pinner_ops pinner_virtio_9p = {
	.name = "virtio_9p",
	.rule = short_count,
	.caller = "p9_get_mapped_pages(), net/9p/trans_virtio.c",
	.flags = GUP_FAST | FOLL_GET,
	.defects = virtio_9p_defects,
	.scratch = SCRATCH_9P,
	.max_pages = SHARED_PAGES,
	.io = sync_io,
};

/* fs/nfs/direct.c takes the pages of one request at a time. */
const struct pinner_ops pinner_nfs = {
	.name = "nfs",
	.rule = short_count,
	.caller = "nfs_direct_write_schedule_iovec(), fs/nfs/direct.c",
	.flags = GUP_FAST | FOLL_GET,
	.no_memory = EACCES,	/* nfs_key_timeout_notify() cannot look at credentials */
	.defects = nfs_defects,
	.scratch = SCRATCH_NFS,
	.align = 1,
	.io = sync_io,
};

const struct pinner_ops pinner_fat = {
	.name = "fat",
	.rule = do_blockdev_direct_io,
	.caller = "do_blockdev_direct_IO(), fs/direct-io.c",
	.flags = GUP_FAST,
	.defects = bio_defects,
	.cpu_copies = true,
	.scratch = SCRATCH_FAT,
	.align = SECTOR,
	.io = sync_io,
};

const struct pinner_ops pinner_btrfs = {
	.name = "btrfs",
	.rule = btrfs_direct_io,
	.caller = "btrfs_direct_read(), btrfs_direct_write(), fs/btrfs/direct-io.c",
	.flags = GUP_FAST,
	.defects = bio_defects,
	.cpu_copies = true,
	.scratch = SCRATCH_BTRFS,
	.align = SECTOR,
	.max_pages = BTRFS_PAGES,
	.io = sync_io,
};
