// SPDX-License-Identifier: GPL-2.0
/*
 * GUP, called directly. The module must survive the bugs that it looks for: pages[] begins as
 * pointers to a real page, a sentinel whose count survives whatever a kernel does through them. So
 * neither this module nor a kernel that skips a slot follows an invalid pointer.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "source.h"

#ifndef CONFIG_SPARSEMEM_VMEMMAP
#error "page_to_pfn() of a wrong pointer is arithmetic only with CONFIG_SPARSEMEM_VMEMMAP"
#endif

#define GUARDS 8	/* words before and behind pages[] */
/* More than one pin for each slot (GUP_PIN_COUNTING_BIAS), given and taken twice. */
#define SENTINEL_REFS (2 * 1024 * PFNMAP_TEST_PAGES)

/* What one call took. */
struct batch {
	struct list_head list;
	unsigned long addr;
	unsigned int pages;
	bool pinned;
	DECLARE_BITMAP(taken, PFNMAP_TEST_PAGES);	/* and must be given back */
	struct page *page[];	/* NULL when there is none */
};

struct call {
	long (*gup)(unsigned long addr, unsigned long n, unsigned int flags, struct page **pages);
	bool mmap_lock;		/* the caller has to hold it */
	bool pins;
	u32 never;		/* flags that the API forbids */
};

static long call_get(unsigned long addr, unsigned long n, unsigned int flags, struct page **pages)
{
	return without_vmas(get_user_pages, addr, n, flags, pages);
}

static long call_get_fast(unsigned long addr, unsigned long n, unsigned int flags,
			  struct page **pages)
{
	return get_user_pages_fast(addr, n, flags, pages);
}

static long call_get_remote(unsigned long addr, unsigned long n, unsigned int flags,
			    struct page **pages)
{
	return without_vmas(get_user_pages_remote, current->mm, addr, n, flags, pages, NULL);
}

static long call_pin(unsigned long addr, unsigned long n, unsigned int flags, struct page **pages)
{
	return without_vmas(pin_user_pages, addr, n, flags, pages);
}

static long call_pin_fast(unsigned long addr, unsigned long n, unsigned int flags,
			  struct page **pages)
{
	return pin_user_pages_fast(addr, n, flags, pages);
}

static long call_pin_remote(unsigned long addr, unsigned long n, unsigned int flags,
			    struct page **pages)
{
	return without_vmas(pin_user_pages_remote, current->mm, addr, n, flags, pages, NULL);
}

static long call_pin_unlocked(unsigned long addr, unsigned long n, unsigned int flags,
			      struct page **pages)
{
	return pin_user_pages_unlocked(addr, n, pages, flags);
}

static const struct call calls[] = {
	[PFNMAP_TEST_GET] = { call_get, .mmap_lock = true, .never = PFNMAP_TEST_LONGTERM },
	[PFNMAP_TEST_GET_FAST] = { call_get_fast,
				   .never = PFNMAP_TEST_LONGTERM | PFNMAP_TEST_NO_PAGES },
	[PFNMAP_TEST_GET_REMOTE] = { call_get_remote, .mmap_lock = true,
				     .never = PFNMAP_TEST_LONGTERM },
	[PFNMAP_TEST_PIN] = { call_pin, .mmap_lock = true, .pins = true,
			      .never = PFNMAP_TEST_NO_PAGES },
	[PFNMAP_TEST_PIN_FAST] = { call_pin_fast, .pins = true, .never = PFNMAP_TEST_NO_PAGES },
	[PFNMAP_TEST_PIN_REMOTE] = { call_pin_remote, .mmap_lock = true, .pins = true,
				     .never = PFNMAP_TEST_NO_PAGES },
	[PFNMAP_TEST_PIN_UNLOCKED] = { call_pin_unlocked, .pins = true,
				       .never = PFNMAP_TEST_NO_PAGES | PFNMAP_TEST_LONGTERM },
};

static unsigned int foll_flags(u32 flags)
{
	return (flags & PFNMAP_TEST_WRITE ? FOLL_WRITE : 0) |
	       (flags & PFNMAP_TEST_LONGTERM ? FOLL_LONGTERM : 0) |
	       (flags & PFNMAP_TEST_FORCE ? FOLL_FORCE : 0);
}

/* Arithmetic only: the pointer may be invalid. */
static bool is_page(const struct page *page)
{
	unsigned long at = (unsigned long)page - (unsigned long)vmemmap;

	return page >= vmemmap && at % sizeof(*page) == 0 && pfn_valid(at / sizeof(*page));
}

static long call(const struct call *c, const struct pfnmap_test_gup *g, struct page **pages)
{
	long ret;

	if (c->mmap_lock)
		mmap_read_lock(current->mm);
	ret = c->gup(g->addr, g->pages, foll_flags(g->flags), pages);
	if (c->mmap_lock)
		mmap_read_unlock(current->mm);
	return ret;
}

/*
 * Compares pages[] with what it was before. What the call took goes to @b. Slots that the call did
 * not write hold no reference; the page that a caller would find in a stale slot can still be read.
 */
static void judge(struct pfnmap_test_gup *g, struct page **slots, struct page **before,
		  struct batch *b)
{
	unsigned long i, done = clamp_t(long, g->result, 0, g->pages);
	bool written;

	for (i = 0; i < GUARDS + g->pages + GUARDS; i++) {
		written = slots[i] != before[i];
		if (i < GUARDS || i >= GUARDS + g->pages) {
			g->outside += written;
			continue;
		}
		if (i >= GUARDS + done) {
			g->beyond += written;
			g->beyond_dax += written && is_page(slots[i]) &&
					 is_zone_device_page(slots[i]);
			continue;
		}
		g->written += written;
		if (!written && !g->missing++)
			g->first_missing = i - GUARDS;
		if (!is_page(slots[i])) {
			g->strange += written;
			continue;
		}
		if (written)
			set_bit(i - GUARDS, b->taken);
		if (written || g->flags & PFNMAP_TEST_STALE)
			b->page[i - GUARDS] = slots[i];
	}
	b->pages = done;
}

static int tell_pfns(const struct pfnmap_test_gup *g, const struct batch *b)
{
	u64 __user *to = (u64 __user *)(uintptr_t)g->pfns;
	unsigned int i;
	u64 pfn;

	for (i = 0; to && i < b->pages; i++) {
		pfn = b->page[i] ? page_to_pfn(b->page[i]) : ~0ULL;
		if (put_user(pfn, to + i))
			return -EFAULT;
	}
	return 0;
}

static long gup_into(struct source *s, struct pfnmap_test_gup *g, struct batch *b,
		     struct page *sentinel)
{
	size_t words = GUARDS + PFNMAP_TEST_PAGES + GUARDS, i;
	const struct call *c = &calls[g->call];
	struct page **before;
	bool keep = s->slots && g->flags & PFNMAP_TEST_STALE;

	if (!s->slots)
		s->slots = kcalloc(words, sizeof(*s->slots), GFP_KERNEL);
	before = kcalloc(words, sizeof(*before), GFP_KERNEL);
	if (!s->slots || !before) {
		kfree(before);
		return -ENOMEM;
	}
	for (i = 0; i < words && !keep; i++)
		s->slots[i] = sentinel;
	memcpy(before, s->slots, words * sizeof(*before));
	if (g->flags & PFNMAP_TEST_NO_PAGES) {
		g->result = call(c, g, NULL);
	} else {
		g->result = call(c, g, s->slots + GUARDS);
		judge(g, s->slots, before, b);
	}
	b->pinned = c->pins;
	/* A pointer to a freed page must not pass for one that was written. */
	for (i = 0; i < words; i++)
		if (s->slots[i] == sentinel)
			s->slots[i] = NULL;
	kfree(before);
	return 0;
}

static void give_back(struct batch *b)
{
	unsigned int i;

	for (i = 0; i < b->pages; i++) {
		if (!test_bit(i, b->taken))
			continue;
		if (b->pinned)
			unpin_user_page(b->page[i]);
		else
			put_page(b->page[i]);
	}
	kfree(b);
}

static bool is_sane(const struct source *s, const struct pfnmap_test_gup *g)
{
	return g->call < ARRAY_SIZE(calls) && g->pages && g->pages <= PFNMAP_TEST_PAGES &&
	       g->flags < 2 * PFNMAP_TEST_STALE && !(g->flags & calls[g->call].never) &&
	       g->addr % PAGE_SIZE == 0 && s->held + g->pages <= 4 * PFNMAP_TEST_PAGES;
}

static long gup_and_hold(struct source *s, struct pfnmap_test_gup *g)
{
	struct page *sentinel = alloc_page(GFP_KERNEL);
	struct batch *b = kzalloc(struct_size(b, page, g->pages), GFP_KERNEL);
	long err = -ENOMEM;
	int count;

	if (sentinel && b) {
		page_ref_add(sentinel, SENTINEL_REFS);
		count = page_count(sentinel);
		b->addr = g->addr;
		err = gup_into(s, g, b, sentinel);
		g->dropped = count - page_count(sentinel);
		page_ref_sub(sentinel, page_count(sentinel) - 1);
	}
	if (sentinel)
		__free_page(sentinel);
	if (err || !b || !b->pages) {
		kfree(b);
		return err;
	}
	list_add(&b->list, &s->batches);
	s->held += b->pages;
	return tell_pfns(g, b);
}

long source_gup(struct source *s, struct pfnmap_test_gup __user *arg)
{
	struct pfnmap_test_gup g;
	long err;

	if (copy_from_user(&g, arg, sizeof(g)))
		return -EFAULT;
	if (!is_sane(s, &g))
		return -EINVAL;
	g.written = g.missing = g.first_missing = g.strange = g.outside = g.beyond = 0;
	g.beyond_dax = 0;
	err = gup_and_hold(s, &g);
	if (!err && copy_to_user(arg, &g, sizeof(g)))
		err = -EFAULT;
	return err;
}

static struct batch *find_batch(struct source *s, unsigned long addr)
{
	struct batch *b;

	list_for_each_entry(b, &s->batches, list)
		if (addr >= b->addr && addr - b->addr < b->pages * PAGE_SIZE)
			return b;
	return NULL;
}

/* Within one page. A page that was not taken may belong to anybody, so it is not written to. */
static int move_part(struct source *s, unsigned long addr, void __user *buf, size_t len,
		     bool to_page)
{
	struct batch *b = find_batch(s, addr);
	unsigned long i;
	char *bytes;
	int err;

	if (!b)
		return -ENOENT;
	i = (addr - b->addr) / PAGE_SIZE;
	if (!b->page[i] || (to_page && !test_bit(i, b->taken)))
		return -ENXIO;
	bytes = map_page(b->page[i]);
	if (to_page)
		err = copy_from_user(bytes + offset_in_page(addr), buf, len);
	else
		err = copy_to_user(buf, bytes + offset_in_page(addr), len);
	unmap_page(bytes);
	return err ? -EFAULT : 0;
}

long source_move(struct source *s, struct pfnmap_test_move __user *arg)
{
	struct pfnmap_test_move m;
	size_t len, done;
	int err = 0;

	if (copy_from_user(&m, arg, sizeof(m)))
		return -EFAULT;
	for (done = 0; !err && done < m.len; done += len) {
		len = min_t(size_t, PAGE_SIZE - offset_in_page(m.addr + done), m.len - done);
		err = move_part(s, m.addr + done, (void __user *)(uintptr_t)m.buf + done, len,
				m.to_pages);
	}
	return err;
}

void source_put(struct source *s)
{
	struct batch *b, *next;

	list_for_each_entry_safe(b, next, &s->batches, list)
		give_back(b);
	INIT_LIST_HEAD(&s->batches);
	s->held = 0;
}
