// SPDX-License-Identifier: GPL-2.0
/*
 * Walks of GUP without pages[], which do not pin: they fault a range in and must continue over PTEs
 * without struct page. 7196040e19ad had to keep this behaviour.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "../lib/libc.h"
#include "pinner.h"

/* mm/madvise.c, madvise_populate(): the errno for a refused page. */
static int populate_errno(struct outcome why)
{
	switch (why.step) {
	case NO_VMA:
		return ENOMEM;
	case VMA_FLAGS:
		return EINVAL;
	default:
		return why.err == EHWPOISON ? EHWPOISON : EFAULT;
	}
}

static struct outcome gup_skip_hole(const struct call *c, unsigned int i)
{
	static const struct outcome taken;

	return layout_kind(c->buffer, i) == HOLE ? taken : call_gup(c, i);
}

/* Before 6.9 the walk skipped holes and returned ENOMEM for them at the end. */
static unsigned int first_refused(const struct call *c, unsigned int from, unsigned int to,
				  struct outcome *why)
{
	unsigned int bad;

	if (kernel_has(POPULATE_IN_ORDER))
		return call_first_refused(c, call_gup, from, to, why);
	bad = call_first_refused(c, gup_skip_hole, from, to, why);
	return bad < to ? bad : call_first_refused(c, call_gup, from, to, why);
}

static struct verdict faultin_page_range(const struct call *c)
{
	unsigned int from, bad, step = call_iovec_pages(c);
	struct outcome why;

	for (from = 0; from < c->buffer->pages; from += step) {
		bad = first_refused(c, from, from + step, &why);
		if (bad < from + step)
			return verdict_errno(verdict_refused(bad, why, ""), populate_errno(why));
	}
	return verdict_taken(c->buffer->len);
}

/* mlock() neither locks nor populates VM_IO and VM_PFNMAP vmas. */
static struct outcome populate_vma_page_range(const struct call *c, unsigned int i)
{
	static const struct outcome skipped = {
		.reason = "VM_IO and VM_PFNMAP vmas are not locked",
		.function = "mlock_fixup(), mm/mlock.c",
	};
	struct user_page page = call_page(c, i);

	if (page.vm_flags & (VM_IO | VM_PFNMAP) || (page.pfnmap_on_fault && page.touched))
		return skipped;
	return call_gup(c, i);
}

/* mm/mlock.c, __mlock_posix_error_return(): the errno of a refusal is ENOMEM, not GUP's. */
static struct verdict do_mlock(const struct call *c)
{
	unsigned int bad, pages = c->buffer->pages;
	struct outcome why;

	bad = call_first_refused(c, populate_vma_page_range, 0, pages, &why);
	if (bad == pages)
		return verdict_taken(c->buffer->len);
	return verdict_errno(verdict_refused(bad, why, ""), ENOMEM);
}

static ssize_t populate(const struct iovec *iov, int n, int advice)
{
	ssize_t walked = 0;
	int i;

	for (i = 0; i < n; i++) {
		if (madvise(iov[i].iov_base, iov[i].iov_len, advice))
			return -errno;
		walked += iov[i].iov_len;
	}
	return walked;
}

static int populate_open(struct pinner *p)
{
	static char page[MAX_PAGE] __aligned(MAX_PAGE);

	if (!madvise(page, PAGE, MADV_POPULATE_READ) || errno != EINVAL)
		return 0;
	return pinner_skip(p, "MADV_POPULATE_READ: needs 5.14");
}

static ssize_t take_populate_read(struct pinner *p __maybe_unused, const struct iovec *iov, int n)
{
	return populate(iov, n, MADV_POPULATE_READ);
}

static ssize_t take_populate_write(struct pinner *p __maybe_unused, const struct iovec *iov, int n)
{
	return populate(iov, n, MADV_POPULATE_WRITE);
}

/* The iovecs to unlock. They are unlocked page by page, because munlock() stops at a hole. */
static const struct iovec *locked;
static int nr_locked;

static int unlock(struct pinner *p __maybe_unused)
{
	size_t at;
	int i;

	for (i = 0; i < nr_locked; i++)
		for (at = 0; at < locked[i].iov_len; at += PAGE)
			munlock((char *)locked[i].iov_base + at, PAGE);
	return 0;
}

static ssize_t take_mlock(struct pinner *p, const struct iovec *iov, int n)
{
	ssize_t walked = 0;
	int i, err;

	locked = iov;
	nr_locked = n;
	for (i = 0; i < n; i++) {
		if (mlock(iov[i].iov_base, iov[i].iov_len)) {
			err = -errno;
			unlock(p);
			return err;
		}
		walked += iov[i].iov_len;
	}
	return walked;
}

/* The errno of a page that only FOLL_PCI_P2PDMA takes. madvise_populate() does not know it. */
static bool p2pdma_is_refused(const struct call *c, struct verdict want, struct verdict seen)
{
	int err = c->pinner == &pinner_mlock ? EREMOTEIO : ENOMEM;

	return c->mapping->p2pdma && seen.err == err && want.err != err;
}

static const struct defect walk_defects[] = {
	{ .id = WALK_REFUSES_P2PDMA, .explains = p2pdma_is_refused },
	{}
};

const struct pinner_ops pinner_mlock = {
	.name = "mlock",
	.rule = do_mlock,
	.caller = "do_mlock(), mm/mlock.c",
	.defects = walk_defects,
	.flags = GUP_NO_PAGES,
	.charged = true,
	.scratch = SCRATCH_MEMORY,
	.take = take_mlock,
	.drop = unlock,
};

const struct pinner_ops pinner_populate_read = {
	.name = "populate_read",
	.rule = faultin_page_range,
	.caller = "madvise_populate(), mm/madvise.c",
	.defects = walk_defects,
	.flags = GUP_NO_PAGES | FOLL_HWPOISON,
	.scratch = SCRATCH_MEMORY,
	.open = populate_open,
	.take = take_populate_read,
};

const struct pinner_ops pinner_populate_write = {
	.name = "populate_write",
	.rule = faultin_page_range,
	.caller = "madvise_populate(), mm/madvise.c",
	.defects = walk_defects,
	.flags = GUP_NO_PAGES | FOLL_HWPOISON | FOLL_WRITE,
	.scratch = SCRATCH_MEMORY,
	.open = populate_open,
	.take = take_populate_write,
};
