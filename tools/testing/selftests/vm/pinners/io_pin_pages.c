// SPDX-License-Identifier: GPL-2.0
/* The long-term pins of io_uring; see io_pin_pages.h. */
#include <errno.h>

#include "io_pin_pages.h"

static const struct outcome two_files = {
	.err = EINVAL, .step = VMA_FLAGS,
	.reason = "the vmas of an iovec have different files",
	.function = "io_pin_pages(), io_uring/rsrc.c",
};

static const struct outcome wrong_file = {
	.err = EOPNOTSUPP, .step = VMA_FLAGS,
	.reason = "the file is neither of shmem nor of hugetlbfs",
	.function = "io_pin_pages(), io_uring/rsrc.c",
};

/* Before 6.5 all vmas of an iovec were of one file, of shmem or hugetlbfs, or all had no file. */
static struct verdict check_files(const struct call *c, unsigned int from, unsigned int to)
{
	static const char rule[] = "the vmas are checked after the pages are pinned";
	enum page_kind first = layout_kind(c->buffer, from);
	unsigned int i;

	for (i = from; i < to; i++) {
		if (layout_kind(c->buffer, i) != first)
			return verdict_refused(from, two_files, rule);
		if (first == TESTED && c->mapping->file)
			return verdict_refused(from, wrong_file, rule);
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

/* Before 6.5 io_pin_pages() passed vmas to pin_user_pages(), which has no GUP-fast. */
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

/* A registration is charged for a whole compound page, once, for any part of the page. */
size_t io_buffer_account_pin(const struct call *c, unsigned int pages)
{
	bool seen = false;
	size_t charge = 0;
	unsigned int i;

	if (kernel_has(RING_ROOT_UNCHARGED) && pinner_has_ipc_lock())
		return 0;
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
