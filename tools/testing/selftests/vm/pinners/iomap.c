// SPDX-License-Identifier: GPL-2.0
/* O_DIRECT on a file; see iomap.h. */
#include <errno.h>

#include "iomap.h"

unsigned int bio_flags(const struct call *c)
{
	return c->flags | (kernel_has(BIO_PINS) ? FOLL_PIN : FOLL_GET);
}

/*
 * bio_iov_iter_get_pages() keeps the pages before the refused one, and the next bio starts at the
 * refused page: the call returns the errno of that page. The data of the first bio may have moved.
 */
struct verdict iomap_dio_rw(const struct call *c)
{
	struct call bio = *c;
	struct outcome why;
	unsigned int bad;

	bio.flags = bio_flags(c);
	bad = call_first_refused(&bio, call_gup, 0, c->buffer->pages, &why);
	if (bad == c->buffer->pages)
		return verdict_taken(c->buffer->len);
	if (bad > 0)
		why = call_again(&bio, call_gup, bad);
	return verdict_refused(bad, why, "one refused page fails the call with its errno");
}

/* ext4 writes through the page cache what iomap_dio_rw() did not write, and had no errno for. */
static bool written_by_cpu(const struct call *c, struct verdict want, struct verdict seen)
{
	struct verdict by_cpu = cpu_copies(c);

	return !(c->flags & FOLL_WRITE) && want.err && !seen.err && !by_cpu.err &&
	       seen.bytes == by_cpu.bytes;
}

/*
 * A write of part of a block, the rest of which must be zeroed. When bio_iov_iter_get_pages()
 * refuses the first page, the code falls through to "zero_tail:", where the result of
 * iomap_dio_zero(), 0, replaces -EFAULT. The write continues with 0 bytes done, and ext4 writes the
 * data through the page cache. 6.1 ignored the result of iomap_dio_zero() and kept the errno.
 */
static bool tail_zeroed(const struct call *c, struct verdict want, struct verdict seen)
{
	return c->buffer->layout->sub && !want.reach && written_by_cpu(c, want, seen);
}

/* A bio whose pages are of DAX and of other memory goes wrong. */
bool bio_has_dax(const struct pinner_ops *pinner __maybe_unused,
		 const struct mapping_props *m)
{
	return m && (m->zone_device || m->fsdax);
}

const struct defect iomap_defects[] = {
	{ .id = IOMAP_TAIL_ZEROED, .explains = tail_zeroed, .flaw = READS_PARTS_BY_CPU },
	{ .id = IOMAP_LOSES_ERRNO, .explains = written_by_cpu, .flaw = READS_BY_CPU },
	{ .id = DAX_BIO_MIXED, .kills = bio_has_dax },
	{}
};

const struct defect bio_defects[] = {
	{ .id = DAX_BIO_MIXED, .kills = bio_has_dax },
	{}
};
