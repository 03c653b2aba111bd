// SPDX-License-Identifier: GPL-2.0
/*
 * 1 GiB of a BAR, which vfio maps by the PUD since f9e54c3a2f5b (6.12). Whoever takes pages must
 * refuse it at each place. Whoever takes its frames, or has the CPU copy, gets the bytes of that
 * place.
 */
#define GIANT_PINNERS(PINNER)		\
	PINNER(register_buffers)	\
	PINNER(direct)			\
	PINNER(vmsplice)		\
	PINNER(process_vm)		\
	PINNER(pin)			\
	PINNER(pin_fast)		\
	PINNER(iommufd)			\
	PINNER(type1)			\
	PINNER(kvm)			\
	PINNER(buffered)
#define SUITE_USES(PINNER) GIANT_PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/oracle.h"

#define PAGES 2U
#define SALT_GIANT 41

/* A window is of the page before and the page after one of these, in bytes. */
static const size_t borders[] = { 0, 2UL << 20, MAPPING_GIANT / 2, MAPPING_GIANT };

struct giant {
	struct mapping bar;
	char *base;
	struct pinner pinner;
	struct buffer buffer;	/* the window */
	char wrong[256];	/* the first wrong result, or "" */
};

FIXTURE(giant)
{
	struct giant giant;
	struct oracle before;
	const char *why;
};

static const char *open_giant(struct giant *g)
{
	int err;

	if (mapping_open(&g->bar, &mapping_vfio_giant))
		return g->bar.why;
	g->base = mapping_room(MAPPING_GIANT);
	err = g->base ? mapping_place(&g->bar, g->base, g->bar.granule) : -ENOMEM;
	if (!err)
		return NULL;
	if (g->base)
		munmap(g->base, MAPPING_GIANT);
	mapping_close(&g->bar);
	return strerror(-err);
}

FIXTURE_SETUP(giant)
{
	oracle_begin(&self->before);
	self->why = open_giant(&self->giant);
}

FIXTURE_TEARDOWN(giant)
{
	oracle_end(&self->before);
	if (self->why)
		return;
	munmap(self->giant.base, MAPPING_GIANT);
	mapping_close(&self->giant.bar);
}

static void complain(struct giant *g, const char *what, ssize_t got)
{
	const struct pinner_mode *mode = g->pinner.mode;
	char *window = g->buffer.iov[0].iov_base;

	if (!g->wrong[0])
		snprintf(g->wrong, sizeof(g->wrong), "%s%spages from %zu on: %zd: %s",
			 mode ? mode->name : "", mode ? ": " : "", (window - g->base) / PAGE, got,
			 what);
}

/* Fills the window by the CPU. Has the BAR these bytes, when it is read by another way? */
static bool fill(struct giant *g)
{
	static char seen[MAX_PAGE];
	char *window = g->buffer.iov[0].iov_base;
	size_t first = (window - g->base) / PAGE, i;

	for (i = 0; i < PAGES; i++) {
		pattern_fill(window + i * PAGE, PATTERN_ID(SALT_GIANT, first + i), 0, PAGE);
		if (mapping_vfio_giant.peek(&g->bar, seen, first + i) ||
		    !pattern_holds(seen, PATTERN_ID(SALT_GIANT, first + i), 0, PAGE))
			return false;
	}
	return true;
}

/* Has the file the bytes of the window? */
static bool has_moved(const struct giant *g)
{
	static char seen[PAGES * MAX_PAGE] __aligned(MAX_PAGE);
	const struct scratch *s = g->pinner.scratch;

	return pread(s->out, seen, g->buffer.len, s->out_start) == (ssize_t)g->buffer.len &&
	       !memcmp(seen, g->buffer.iov[0].iov_base, g->buffer.len);
}

static void try_call(struct giant *g)
{
	struct pinner *p = &g->pinner;
	const struct buffer *b = &g->buffer;
	const struct call call = pinner_contract(p, TO_FILE, &g->bar.props, b);
	struct verdict want = contract_verdict(&call);
	ssize_t got = pinner_call(p, TO_FILE, b->iov, b->niov);

	if (!contract_met(want, got))
		complain(g, want.err ? strerror(want.err) : "it is owed", got);
	else if (got == (ssize_t)b->len && p->ops->io && !has_moved(g))
		complain(g, "the file has other bytes than the BAR", got);
	if (got > 0 && p->ops->drop && p->ops->drop(p))
		complain(g, "what is held cannot be released", got);
}

static void try_window(struct giant *g, size_t border)
{
	static const struct layout all = { .name = "PP", .p = PAGES };
	struct pinner *p = &g->pinner;
	size_t at = border ? border - PAGE : 0;

	if (at > MAPPING_GIANT - PAGES * PAGE)
		at = MAPPING_GIANT - PAGES * PAGE;
	if (!pinner_fit(p->ops, &g->buffer, &all, g->base + at, 1)) {
		complain(g, "it takes no window", 0);
		return;
	}
	if (!fill(g))
		complain(g, "the CPU reaches another part of the BAR", 0);
	p->mode = p->ops->modes;
	do
		try_call(g);
	while (pinner_next_mode(p));
}

#define PINNER(name)								\
TEST_F(giant, name)								\
{										\
	struct giant *g = &self->giant;						\
	char what[256];								\
	size_t i;								\
										\
	if (self->why)								\
		SUITE_SKIP("%s", self->why);					\
	if (pinner_open(&g->pinner, &pinner_##name))				\
		SUITE_SKIP("%s", g->pinner.why);				\
	for (i = 0; i < ARRAY_SIZE(borders); i++)				\
		try_window(g, borders[i]);					\
	pinner_close(&g->pinner);						\
	EXPECT_STREQ("", g->wrong);						\
	EXPECT_TRUE(oracle_balanced(&self->before, what, sizeof(what)))		\
		TH_LOG("%s", what);						\
}
GIANT_PINNERS(PINNER)
#undef PINNER

/* Frame by frame, or by as many as an entry maps: vaddr_get_pfns(), vfio_iommu_type1.c. */
TEST_F(giant, type1_takes_all_of_it)
{
	struct giant *g = &self->giant;
	const struct iovec all = { g->base, MAPPING_GIANT };
	char what[256];

	if (self->why)
		SUITE_SKIP("%s", self->why);
	if (pinner_open(&g->pinner, &pinner_type1))
		SUITE_SKIP("%s", g->pinner.why);
	g->pinner.mode = pinner_type1.modes;
	EXPECT_EQ((ssize_t)MAPPING_GIANT, pinner_type1.take(&g->pinner, &all, 1));
	EXPECT_EQ(0, pinner_type1.drop(&g->pinner));
	pinner_close(&g->pinner);
	EXPECT_TRUE(oracle_balanced(&self->before, what, sizeof(what)))
		TH_LOG("%s", what);
}

SUITE_MAIN
