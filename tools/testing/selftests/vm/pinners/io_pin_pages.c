// SPDX-License-Identifier: GPL-2.0
/* How io_uring pins memory that it keeps; see io_pin_pages.h. */
#include <errno.h>

#include "io_pin_pages.h"

static const struct outcome two_files = {
	.err = EINVAL, .step = VMA_FLAGS,
	.reason = "an iovec of two files, or of a file and none", .function = "io_pin_pages(), io_uring/rsrc.c",
};

static const struct outcome wrong_file = {
	.err = EOPNOTSUPP, .step = VMA_FLAGS,
	.reason = "a file that is neither shmem nor hugetlbfs", .function = "io_pin_pages(), io_uring/rsrc.c",
};

/*
 * Before 6.5 all vmas of an iovec had to have the same file, or no file; the file had to be shmem.
 */
static struct verdict check_files(const struct call *c, unsigned int from, unsigned int to)
{
	enum page_kind first = layout_kind(c->buffer, from);
	unsigned int i;

	for (i = from; i < to; i++) {
		if (layout_kind(c->buffer, i) != first)
			return verdict_refused(from, two_files, "the vmas are looked at once the pages are pinned");
		if (first == TESTED && c->mapping->file)
			return verdict_refused(from, wrong_file, "the vmas are looked at once the pages are pinned");
	}
	return verdict_taken(0);
}

static struct verdict pin_iovec(const struct call *c, unsigned int from, unsigned int to)
{
	struct outcome why;
	unsigned int bad = call_first_refused(c, call_gup, from, to, &why);

	if (bad == to)
		return kernel_has(PIN_WITHOUT_VMAS) ? verdict_taken(0) : check_files(c, from, to);
	if (bad > from)
		return verdict_errno(verdict_refused(bad, why, ""), EFAULT);
	return verdict_refused(bad, why, "GUP's errno is returned");
}

/* pin_user_pages() with vmas has no GUP-fast. */
struct verdict io_pin_pages(const struct call *c)
{
	unsigned int from, step = call_iovec_pages(c);
	struct call pin = *c;
	struct verdict v;

	if (!kernel_has(PIN_WITHOUT_VMAS))
		pin.flags &= ~GUP_FAST;
	for (from = 0; from < c->buffer->pages; from += step) {
		v = pin_iovec(&pin, from, from + step);
		if (v.err)
			return v;
	}
	return verdict_taken(c->buffer->len);
}

/* A compound page is charged whole, once for each registration, wherever the buffer lies in it. */
size_t io_buffer_account_pin(const struct call *c, unsigned int pages)
{
	bool seen = false;
	size_t charge = 0;
	unsigned int i;

	for (i = 0; i < pages; i++) {
		if (layout_kind(c->buffer, i) != TESTED || c->mapping->compound == 1) {
			charge++;
		} else if (!seen) {
			charge += c->mapping->compound;
			seen = true;
		}
	}
	return charge;
}

const struct defect io_buffer_defects[] = {
	{ .id = IO_BUFFERS_KEEP_PAGES, .flaw = KEEPS_PAGES },
	{}
};
