// SPDX-License-Identifier: GPL-2.0
/*
 * GUP, called by pfnmap_test.ko on addresses of the test: each function, with each flag that it
 * allows. pfnmap_test.ko reports which slots of pages[] were written. The PFNs are compared with
 * those in /proc/self/pagemap, which is a second walk of the same page tables.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../test_module/pfnmap_test.h"
#include "pinner.h"
#include "../lib/pagemap.h"
#include "../lib/test_module.h"

#define BATCH (512 * PAGE)	/* drivers/vfio/vfio_iommu_type1.c, VFIO_BATCH_MAX_CAPACITY */

static struct {
	int device;
	int pagemap;
} module;

static int gup_open(struct pinner *p)
{
	module.device = test_module_open(p->why, sizeof(p->why));
	if (module.device < 0)
		return -1;
	module.pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (module.pagemap >= 0)
		return 0;
	close(module.device);
	return pinner_skip(p, "no /proc/self/pagemap: CONFIG_PROC_PAGE_MONITOR");
}

static void gup_close(struct pinner *p __maybe_unused)
{
	close(module.pagemap);
	close(module.device);
}

/* Each slot must point to the page that the page tables have at its address. */
static void check_pfns(struct pinner *p, const struct pfnmap_test_gup *g, const uint64_t *pfns)
{
	uint64_t entries[PFNMAP_TEST_PAGES];
	ssize_t size = g->result * sizeof(entries[0]);
	long i;

	if (pread(module.pagemap, entries, size, g->addr / PAGE * sizeof(entries[0])) != size)
		pinner_complain(p, "/proc/self/pagemap cannot be read");
	for (i = 0; i < g->result && !p->complaint[0]; i++)
		if (pfns[i] != (entries[i] & PAGEMAP_FRAME))
			pinner_complain(p, "page %ld: pages[] has PFN %#llx, the page table %#llx",
					i, (unsigned long long)pfns[i],
					(unsigned long long)(entries[i] & PAGEMAP_FRAME));
}

/*
 * Before 5.11 a refusal for filesystem DAX came when the pages were taken; see callers.c. The slots
 * of the pages that were dropped, one of them of DAX, stay written.
 */
static bool dropped_dax(const struct pinner *p, const struct pfnmap_test_gup *g)
{
	return g->beyond_dax && (p->mode->flags & FOLL_LONGTERM) &&
	       !kernel_has(LONGTERM_DAX_BY_VMA);
}

/* For every verdict: GUP wrote the slots of the pages it returned, and no other slot. */
static void check_slots(struct pinner *p, const struct pfnmap_test_gup *g)
{
	if (g->result > (long long)g->pages)
		pinner_complain(p, "GUP returned %lld pages for a request of %u", g->result,
				g->pages);
	if (g->missing)
		pinner_complain(p, "%lld pages, but %u of pages[] were never written, "
				"pages[%u] first", g->result, g->missing, g->first_missing);
	if (g->strange)
		pinner_complain(p, "%lld pages, but %u slots point to no page", g->result,
				g->strange);
	if (g->outside)
		pinner_complain(p, "%lld pages, but %u words outside of pages[] were written",
				g->result, g->outside);
	if (g->beyond && !dropped_dax(p, g))
		pinner_complain(p, "%lld pages, but %u slots after them were written", g->result,
				g->beyond);
	if (g->dropped)
		pinner_complain(p, "%lld references were dropped through unwritten slots",
				g->dropped);
}

static ssize_t call(struct pinner *p, enum pfnmap_test_call function, const struct iovec *iov,
		    unsigned int flags)
{
	uint64_t pfns[PFNMAP_TEST_PAGES];
	const struct pinner_mode *mode = p->mode;
	struct pfnmap_test_gup g = {
		.addr = (uintptr_t)iov->iov_base,
		.pages = iov->iov_len / PAGE,
		.pfns = (uintptr_t)pfns,
		.call = function,
		.flags = flags | (mode->flags & FOLL_WRITE ? PFNMAP_TEST_WRITE : 0) |
			 (mode->flags & FOLL_LONGTERM ? PFNMAP_TEST_LONGTERM : 0) |
			 (mode->flags & FOLL_FORCE ? PFNMAP_TEST_FORCE : 0) |
			 (mode->flags & GUP_NO_PAGES ? PFNMAP_TEST_NO_PAGES : 0),
	};

	if (ioctl(module.device, PFNMAP_TEST_GUP, &g)) {
		pinner_complain(p, "PFNMAP_TEST_GUP: errno %d", errno);
		return -errno;
	}
	if (mode->flags & GUP_NO_PAGES)
		return g.result < 0 ? g.result : g.result * (ssize_t)PAGE;
	check_slots(p, &g);
	if (g.result > 0 && !p->complaint[0])
		check_pfns(p, &g, pfns);
	return g.result < 0 ? g.result : g.result * (ssize_t)PAGE;
}

/*
 * Makes one call for each @batch bytes of an iovec, with @flags after the first. Pages taken before
 * a refusal count, as within one call of GUP.
 */
static ssize_t take(struct pinner *p, enum pfnmap_test_call function, const struct iovec *iov,
		    int n, size_t batch, unsigned int flags)
{
	ssize_t got, taken = 0;
	struct iovec part;
	size_t at;
	int i;

	for (i = 0; i < n; i++) {
		for (at = 0; at < iov[i].iov_len; at += part.iov_len) {
			part.iov_base = (char *)iov[i].iov_base + at;
			part.iov_len = iov[i].iov_len - at < batch ? iov[i].iov_len - at : batch;
			got = call(p, function, &part, taken ? flags : 0);
			if (got < 0)
				return taken ? taken : got;
			taken += got;
			if ((size_t)got < part.iov_len)
				return taken;
		}
	}
	return taken;
}

/*
 * Pins in batches into the same pages[], as vfio_pin_pages_remote() does. pages[] still has the
 * pages of the last batch when the next one starts (4b6c33b32296).
 */
static ssize_t take_pin_batched(struct pinner *p, const struct iovec *iov, int n)
{
	return take(p, PFNMAP_TEST_PIN_REMOTE, iov, n, BATCH, PFNMAP_TEST_STALE);
}

static ssize_t gup_copy(struct pinner *p __maybe_unused, enum direction dir,
			const struct iovec *iov, int n __maybe_unused, char *bounce)
{
	const struct pfnmap_test_move m = {
		.addr = (uintptr_t)iov->iov_base,
		.buf = (uintptr_t)bounce,
		.len = iov->iov_len,
		.to_pages = dir == FROM_FILE,
	};

	return ioctl(module.device, PFNMAP_TEST_MOVE, &m) ? -errno : (ssize_t)m.len;
}

static ssize_t gup_move(struct pinner *p, enum direction dir, void *buf, size_t len,
			int i __maybe_unused, off_t at)
{
	const struct iovec iov = { buf, len };

	return pinner_bounce(p, dir, &iov, 1, at, gup_copy);
}

static int gup_drop(struct pinner *p __maybe_unused)
{
	return ioctl(module.device, PFNMAP_TEST_PUT) ? -errno : 0;
}

static const struct pinner_mode walk_or_get_modes[] = {
	{ .name = "read" },
	{ .name = "write", .flags = FOLL_WRITE },
	{ .name = "forced read", .flags = FOLL_FORCE },
	{ .name = "forced write", .flags = FOLL_FORCE | FOLL_WRITE },
	{ .name = "read without pages[]", .flags = GUP_NO_PAGES },
	{ .name = "write without pages[]", .flags = GUP_NO_PAGES | FOLL_WRITE },
	{}
};

static const struct pinner_mode longterm_modes[] = {
	{ .name = "long-term read", .flags = FOLL_LONGTERM },
	{ .name = "long-term write", .flags = FOLL_LONGTERM | FOLL_WRITE },
	{}
};

static const struct pinner_mode short_modes[] = {
	{ .name = "read" },
	{ .name = "write", .flags = FOLL_WRITE },
	{ .name = "forced read", .flags = FOLL_FORCE },
	{ .name = "forced write", .flags = FOLL_FORCE | FOLL_WRITE },
	{}
};

static const struct pinner_mode pin_modes[] = {
	{ .name = "read" },
	{ .name = "write", .flags = FOLL_WRITE },
	{ .name = "forced read", .flags = FOLL_FORCE },
	{ .name = "forced write", .flags = FOLL_FORCE | FOLL_WRITE },
	{ .name = "long-term read", .flags = FOLL_LONGTERM },
	{ .name = "long-term write", .flags = FOLL_LONGTERM | FOLL_WRITE },
	{ .name = "forced long-term write", .flags = FOLL_LONGTERM | FOLL_FORCE | FOLL_WRITE },
	{}
};

/* A walk that takes no page ends like one that does. */
static bool p2pdma_is_refused(const struct call *c, struct verdict want __maybe_unused,
			      struct verdict seen)
{
	struct call takes = *c;
	struct verdict v;

	takes.flags &= ~GUP_NO_PAGES;
	v = short_count(&takes);
	return c->mapping->p2pdma && c->flags & GUP_NO_PAGES && seen.err == v.err &&
	       seen.bytes == v.bytes;
}

static const struct defect gup_defects[] = {
	{ .id = WALK_REFUSES_P2PDMA, .explains = p2pdma_is_refused },
	{}
};

#define GUP_PINNER(function, rule_, which, ...)				\
	const struct pinner_ops pinner_##function = {			\
		.name = #function,					\
		.rule = rule_,						\
		.caller = "get_user_pages() and the like, mm/gup.c",	\
		.flags = __VA_ARGS__,					\
		.defects = gup_defects,					\
		.scratch = SCRATCH_MEMORY,				\
		.checks_slots = true,					\
		.open = gup_open,					\
		.close = gup_close,					\
		.take = take_##function,				\
		.move = gup_move,					\
		.drop = gup_drop,					\
		.modes = which,						\
	}

#define TAKE(function, which)								\
	static ssize_t take_##function(struct pinner *p, const struct iovec *iov, int n)	\
	{										\
		return take(p, which, iov, n, SIZE_MAX, 0);				\
	}

TAKE(get, PFNMAP_TEST_GET)
TAKE(get_fast, PFNMAP_TEST_GET_FAST)
TAKE(get_remote, PFNMAP_TEST_GET_REMOTE)
TAKE(pin, PFNMAP_TEST_PIN)
TAKE(pin_fast, PFNMAP_TEST_PIN_FAST)
TAKE(pin_remote, PFNMAP_TEST_PIN_REMOTE)
TAKE(pin_unlocked, PFNMAP_TEST_PIN_UNLOCKED)

GUP_PINNER(get, short_count, walk_or_get_modes, FOLL_GET);
GUP_PINNER(get_fast, short_count, short_modes, FOLL_GET | GUP_FAST);
GUP_PINNER(get_remote, short_count, walk_or_get_modes, FOLL_GET);
GUP_PINNER(pin, short_count, pin_modes, FOLL_PIN);
GUP_PINNER(pin_fast, short_count, pin_modes, FOLL_PIN | GUP_FAST);
GUP_PINNER(pin_remote, short_count, pin_modes, FOLL_PIN);
GUP_PINNER(pin_unlocked, short_count, short_modes, FOLL_PIN);
static struct verdict short_count_batched(const struct call *c)
{
	return short_count_of_batches(c, BATCH / PAGE);
}

/* Each batch starts where the last one ended. */
GUP_PINNER(pin_batched, short_count_batched, longterm_modes, FOLL_PIN);
