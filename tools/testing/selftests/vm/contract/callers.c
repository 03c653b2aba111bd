// SPDX-License-Identifier: GPL-2.0
/* What callers of GUP make of the outcomes of their pages; see callers.h. */
#include <errno.h>
#include <limits.h>

#include "../pinners/pinner.h"
#include "callers.h"

static const char one_fails_all[] = "one refused page fails the call, with the page's errno";

static enum pte pte_of(const struct mapping_props *m, size_t page)
{
	if (page >= m->fault_pages)
		return PTE_NONE;
	if (m->special && page >= m->normal_pages)
		return PTE_SPECIAL;
	return m->zero_page ? PTE_ZERO_PAGE : PTE_NORMAL;
}

/* A page of the mapping's run; @touched: a fault has run for it. */
static struct user_page page_under_test(const struct mapping_props *m, size_t page, bool touched)
{
	return (struct user_page){
		.vm_flags = m->vm_flags,
		.pte = pte_of(m, page),
		.touched = touched,
		.write_faults = page < m->write_faults,
		.pfnmap_on_fault = m->pfnmap_on_fault,
		.anonymous = m->anonymous,
		.fresh = m->fresh,
		.secretmem = m->secretmem,
		.fsdax = m->fsdax,
		.zone_device = m->zone_device,
		.dirty_tracked = m->dirty_tracked,
		.no_mapping = m->no_mapping,
		.has_count = page < m->counted_pages,
		.cpu_reaches = page < m->cpu_pages,
		.by_pmd = m->by_pmd,
		.reserved = m->reserved,
		.poisoned = m->poisoned,
		.p2pdma = m->p2pdma,
	};
}

static struct user_page page_of(const struct call *c, unsigned int i, bool touched)
{
	static const struct user_page ordinary = {
		.vm_flags = VM_READ | VM_WRITE | VM_SHARED | VM_MAYREAD | VM_MAYWRITE,
		.touched = true, .write_faults = true, .has_count = true, .cpu_reaches = true,
	};
	struct user_page page = {};

	if (layout_kind(c->buffer, i) == GOOD)
		return ordinary;
	if (layout_kind(c->buffer, i) == TESTED)
		page = page_under_test(c->mapping, layout_run_page(c->buffer, i), touched);
	/* kernel/fork.c, dup_mmap() */
	if (c->pinner->in_child && (page.vm_flags & VM_DONTCOPY))
		page.vm_flags = 0;
	return page;
}

struct user_page call_page(const struct call *c, unsigned int i)
{
	return page_of(c, i, c->buffer->touched || (c->asked_before && !c->new_vma));
}

struct outcome call_gup_with(const struct call *c, unsigned int i, unsigned int flags)
{
	struct user_page page = call_page(c, i);

	return gup(&page, c->fast_misses ? flags & ~GUP_FAST : flags);
}

struct outcome call_gup(const struct call *c, unsigned int i)
{
	return call_gup_with(c, i, c->flags);
}

/* The first page of [@from, @to) that GUP-fast leaves to the slow walk, or @to. */
static unsigned int first_slow(const struct call *c, unsigned int from, unsigned int to)
{
	struct user_page page;

	for (; (c->flags & GUP_FAST) && !c->fast_misses && from < to; from++) {
		page = call_page(c, from);
		if (!gup_fast_pte_range(&page, c->flags))
			break;
	}
	return from;
}

/*
 * Before 5.11 __gup_longterm_locked() looked at the vmas when it had the pages: with one of
 * filesystem DAX among them, check_dax_vmas(), it dropped all of them.
 */
static bool has_dax_vma(const struct call *c, unsigned int from, unsigned int to)
{
	if (kernel_has(LONGTERM_DAX_BY_VMA) || !(c->flags & FOLL_LONGTERM))
		return false;
	for (; from < to; from++)
		if (call_page(c, from).fsdax)
			return true;
	return false;
}

static const struct outcome dax_vma = {
	.err = EOPNOTSUPP, .step = VMA_FLAGS,
	.reason = "FOLL_LONGTERM, and one of the pages is of filesystem DAX",
	.function = "__gup_longterm_locked(), mm/gup.c",
};

unsigned int call_first_refused(const struct call *c, call_page_outcome page, unsigned int from,
				unsigned int to, struct outcome *why)
{
	unsigned int bad, slow;

	for (bad = from; bad < to; bad++) {
		*why = page(c, bad);
		if (why->err)
			break;
	}
	slow = first_slow(c, from, bad);
	if (!has_dax_vma(c, slow, bad))
		return bad;
	*why = dax_vma;
	return slow;
}

struct outcome call_again(const struct call *c, call_page_outcome page, unsigned int i)
{
	struct call again = *c;
	struct outcome why;

	again.asked_before = true;
	call_first_refused(&again, page, i, i + 1, &why);
	return why;
}

unsigned int call_iovec_pages(const struct call *c)
{
	return c->buffer->layout->split ? 1 : c->buffer->pages;
}

struct verdict verdict_taken(size_t bytes)
{
	return (struct verdict){ .bytes = bytes, .rule = "all pages are taken" };
}

struct verdict verdict_refused(unsigned int page, struct outcome why, const char *rule)
{
	return (struct verdict){
		.err = why.err, .reach = page, .page = page, .why = why, .rule = rule,
	};
}

struct verdict verdict_short(size_t bytes, unsigned int page, struct outcome why, const char *rule)
{
	return (struct verdict){ .bytes = bytes, .page = page, .why = why, .rule = rule };
}

struct verdict verdict_errno(struct verdict v, int err)
{
	if (!v.err)
		return v;
	v.err = err;
	v.rule = "the call returns an errno of its own for a refused page";
	return v;
}

size_t call_cpu_bytes(const struct call *c, unsigned int i)
{
	unsigned int from = i;
	struct user_page page;

	for (; i < c->buffer->pages; i++) {
		page = call_page(c, i);
		if (!cpu_access(&page, c->flags))
			break;
	}
	return layout_bytes_before(c->buffer, i) - layout_bytes_before(c->buffer, from);
}

struct verdict pinned_at_once(const struct call *c, int short_errno)
{
	unsigned int from, bad, step = call_iovec_pages(c);
	struct outcome why;

	for (from = 0; from < c->buffer->pages; from += step) {
		bad = call_first_refused(c, call_gup, from, from + step, &why);
		if (bad == from + step)
			continue;
		if (bad == from)
			return verdict_refused(bad, why, "GUP's errno is returned");
		return verdict_errno(verdict_refused(bad, why, ""), short_errno);
	}
	return verdict_taken(c->buffer->len);
}

struct verdict pinned_iovec_by_iovec(const struct call *c, call_page_outcome page)
{
	unsigned int from, bad, step = call_iovec_pages(c);
	struct outcome why;

	for (from = 0; from < c->buffer->pages; from += step) {
		bad = call_first_refused(c, page, from, from + step, &why);
		if (bad == from + step)
			continue;
		if (bad > from)
			why = call_again(c, page, bad);
		return verdict_refused(bad, why, one_fails_all);
	}
	return verdict_taken(c->buffer->len);
}

struct verdict page_by_page(const struct call *c)
{
	struct outcome why;
	unsigned int i;

	for (i = 0; i < c->buffer->pages; i++)
		if (call_first_refused(c, call_gup, i, i + 1, &why) == i)
			return verdict_refused(i, why, one_fails_all);
	return verdict_taken(c->buffer->len);
}

static struct verdict count_batches(const struct call *c, call_page_outcome page,
				    unsigned int batch)
{
	unsigned int from, to, bad;
	struct outcome why;

	for (from = 0; from < c->buffer->pages; from = to) {
		to = from + batch < c->buffer->pages ? from + batch : c->buffer->pages;
		bad = call_first_refused(c, page, from, to, &why);
		if (bad == to)
			continue;
		if (bad == 0)
			return verdict_refused(0, why, "the first page is refused");
		return verdict_short(layout_bytes_before(c->buffer, bad), bad, why,
				     "what came before the refused page counts, its errno is lost");
	}
	return verdict_taken(c->buffer->len);
}

struct verdict short_count_of(const struct call *c, call_page_outcome page)
{
	return count_batches(c, page, 1);
}

struct verdict short_count_of_batches(const struct call *c, unsigned int batch)
{
	unsigned int iovec = call_iovec_pages(c);

	return count_batches(c, call_gup, iovec < batch ? iovec : batch);
}

struct verdict short_count(const struct call *c)
{
	return short_count_of_batches(c, UINT_MAX);
}

static const struct outcome no_access = {
	.err = EFAULT, .step = FAULT,
	.reason = "a CPU cannot reach the page", .function = "copy_from_user(), copy_to_user()",
};

struct verdict cpu_copies(const struct call *c)
{
	size_t bytes = call_cpu_bytes(c, 0);

	if (!bytes)
		return verdict_refused(0, no_access, "the CPU cannot copy the first byte");
	if (bytes == c->buffer->len)
		return verdict_taken(bytes);
	return verdict_short(bytes, layout_pages_with(c->buffer, bytes), no_access,
			     "the CPU copies up to the page that it cannot reach");
}

struct verdict cpu_copies_whole(const struct call *c)
{
	struct verdict v = cpu_copies(c);

	if (v.err || v.bytes == c->buffer->len)
		return v;
	return (struct verdict){
		.err = EFAULT, .page = v.page, .why = no_access,
		.reach = c->flags & FOLL_WRITE ? layout_pages_with(c->buffer, v.bytes) : 0,
		.rule = "the CPU copies all of it, or the call fails",
	};
}
