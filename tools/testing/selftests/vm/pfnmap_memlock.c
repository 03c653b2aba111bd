// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that is held is charged to RLIMIT_MEMLOCK, memory that was refused is not: the pinners
 * that charge the user, each with ordinary memory beside a page that must be refused.
 */
#define SUITE_USES(PINNER) PINNER(register_buffers)
#include "lib/suite.h"
#include "contract/defect.h"
#include "lib/limited.h"
#include "lib/oracle.h"
#include "lib/patience.h"
#include "lib/stage.h"

#define LIMIT 64		/* pages of RLIMIT_MEMLOCK */
#define REFUSALS 1100		/* more than GUP_PIN_COUNTING_BIAS, which is 1024 */

struct charged {
	struct stage stage;	/* an ordinary page beside one that must be refused */
	struct pinner pinner;
	int file;		/* a memfd, which tells whether a page of it is held */
	char *memory;		/* pages of it, twice the limit */
	size_t most;		/* pages that can be registered before any refusal */
	ssize_t left;		/* bytes that can be registered afterwards, or -errno */
	unsigned int seen;	/* number of refusals */
	int rounds;		/* to the limit and back */
	bool unlimited;		/* more than the limit can be registered */
	struct charges opened;	/* with the pinner open, and nothing registered */
};

/* What registrations are charged, and the sum of many refused ones. */
FIXTURE(memlock)
{
	struct charged charged;
};

FIXTURE_VARIANT(memlock)
{
	const struct pinner_ops *pinner;
	int err;		/* at the limit */
};

FIXTURE_VARIANT_ADD(memlock, register_buffers) { &pinner_register_buffers, ENOMEM };
FIXTURE_VARIANT_ADD(memlock, xdp) { &pinner_xdp, ENOBUFS };
FIXTURE_VARIANT_ADD(memlock, rxe) { &pinner_rxe, ENOMEM };
FIXTURE_VARIANT_ADD(memlock, siw) { &pinner_siw, ENOMEM };
FIXTURE_VARIANT_ADD(memlock, type1) { &pinner_type1, ENOMEM };
FIXTURE_VARIANT_ADD(memlock, iommufd) { &pinner_iommufd, ENOMEM };
FIXTURE_VARIANT_ADD(memlock, ublk) { &pinner_ublk, ENOMEM };
FIXTURE_VARIANT_ADD(memlock, vdpa) { &pinner_vdpa, EFAULT };

static bool open_charged(struct charged *c, const struct pinner_ops *ops)
{
	if (pinner_open(&c->pinner, ops))
		return false;
	c->pinner.mode = ops->modes;
	return true;
}

static ssize_t take(struct charged *c, size_t pages)
{
	const struct iovec iov = { c->memory, pages * PAGE };

	return c->pinner.ops->take(&c->pinner, &iov, 1);
}

/* A worker may uncharge, and no event tells when. */
static ssize_t take_in_time(struct charged *c, size_t pages)
{
	struct patience patience;
	ssize_t got;

	patience_begin(&patience);
	while ((got = take(c, pages)) < 0 && patience_wait(&patience))
		;
	return got;
}

/* The most pages that can be registered: the limit, less the ring's charge on some kernels. */
static size_t most_pages(struct charged *c)
{
	size_t pages = LIMIT;

	while (pages && take(c, pages) < 0)
		pages--;
	if (pages)
		c->pinner.ops->drop(&c->pinner);
	return pages;
}

/* The limit is set last: pinner_open() would find it too small for the cells. */
static bool open_as_a_user_with_a_limit(struct charged *c, const struct pinner_ops *ops)
{
	if (!open_charged(c, ops))
		return false;
	if (geteuid())
		return !pinner_skip(&c->pinner, "other processes of this user count: run as root");
	pinner_close(&c->pinner);
	if (!limited_become_user(LIMIT))
		return !pinner_skip(&c->pinner, "this user cannot become another: %s",
				    strerror(errno));
	if (ops->open(&c->pinner))
		return false;
	oracle_charges(&c->opened);
	c->most = most_pages(c);
	return true;
}

/*
 * Does /proc/self/status have that charge, beside the pinner's own memory? It does not show charges
 * of the user alone.
 */
static bool charge_is(struct charged *c, long pages)
{
	const struct pinner_ops *p = c->pinner.ops;
	struct charges now;

	oracle_charges(&now);
	return (!p->vm_pin || now.vm_pin - c->opened.vm_pin == pages) &&
	       (!p->vm_lck || now.vm_lck - c->opened.vm_lck == pages);
}

static int owed_errno(const struct charged *c)
{
	const struct call call =
		pinner_contract(&c->pinner, TO_FILE, &c->stage.mapping.props, &c->stage.buffer);

	return contract_verdict(&call).err;
}

/* Opens the first mapping that must be refused, and lays out an ordinary page and a refused one. */
static bool set_refused(struct charged *c)
{
	struct stage *s = &c->stage;
	size_t i;

	for (i = 0; mappings[i]; i++) {
		if (mappings[i]->control || mapping_open(&s->mapping, mappings[i]))
			continue;
		if (!s->mapping.props.pfnmap_on_fault && !stage_open(s)) {
			layout_fit(&s->buffer, layout_named("GP"), s->arena.anchor,
				   s->mapping.granule, PAGE);
			if (owed_errno(c))
				return !stage_set_good(s) && !stage_set_tested(s);
			stage_restore(s);
			arena_close(&s->arena);
		}
		mapping_close(&s->mapping);
	}
	return false;
}

static unsigned int count_refusals(struct charged *c)
{
	const struct buffer *b = &c->stage.buffer;
	unsigned int i, seen = 0;
	int err = owed_errno(c);

	for (i = 0; i < REFUSALS; i++)
		seen += c->pinner.ops->take(&c->pinner, b->iov, b->niov) == -err;
	return seen;
}

/* Many refusals, and what can be registered before and afterwards. Returns why not, or NULL. */
static const char *refuse_at_the_limit(struct charged *c, const struct pinner_ops *ops)
{
	if (!open_as_a_user_with_a_limit(c, ops))
		return c->pinner.why;
	if (!set_refused(c)) {
		pinner_close(&c->pinner);
		return "no mapping that must be refused could be opened";
	}
	c->seen = count_refusals(c);
	stage_close(&c->stage);
	/* A call that was not refused has its charge: there is nothing to wait for. */
	if (c->seen == REFUSALS)
		c->left = take_in_time(c, c->most);
	if (c->left > 0)
		c->pinner.ops->drop(&c->pinner);
	pinner_close(&c->pinner);
	return NULL;
}

FIXTURE_SETUP(memlock)
{
	struct charged *c = &self->charged;

	c->file = memfd_create("pfnmap-charged", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	ASSERT_EQ(0, ftruncate(c->file, 2 * LIMIT * PAGE));
	c->memory = mmap(NULL, 2 * LIMIT * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, c->file, 0);
	ASSERT_NE(MAP_FAILED, c->memory);
	/* A huge page is charged whole. */
	madvise(c->memory, 2 * LIMIT * PAGE, MADV_NOHUGEPAGE);
}

FIXTURE_TEARDOWN(memlock)
{
	munmap(self->charged.memory, 2 * LIMIT * PAGE);
	EXPECT_TRUE(arena_file_unreferenced(self->charged.file))
		TH_LOG("a page is still held: F_SEAL_WRITE: %s", strerror(errno));
	close(self->charged.file);
}

TEST_F(memlock, refusals_beside_a_good_page_add_up_to_nothing)
{
	struct charged *c = &self->charged;
	struct oracle before;
	char what[256];

	if (!open_charged(c, variant->pinner))
		SUITE_SKIP("%s", c->pinner.why);
	oracle_begin(&before);
	if (!set_refused(c)) {
		pinner_close(&c->pinner);
		SUITE_SKIP("no mapping that must be refused could be opened");
	}
	EXPECT_EQ((unsigned int)REFUSALS, count_refusals(c));
	stage_close(&c->stage);
	EXPECT_TRUE(oracle_balanced(&before, what, sizeof(what))) TH_LOG("%s", what);
	EXPECT_TRUE(arena_unreferenced(&c->stage.arena))
		TH_LOG("the ordinary page is still held: F_SEAL_WRITE: %s", strerror(errno));
	EXPECT_EQ((ssize_t)PAGE, take(c, 1));
	EXPECT_EQ(0, c->pinner.ops->drop(&c->pinner));
	pinner_close(&c->pinner);
}

TEST_F(memlock, refusals_are_not_charged)
{
	struct charged *c = &self->charged;
	const char *why = refuse_at_the_limit(c, variant->pinner);
	const struct defect *known = defect_find_flaw(variant->pinner, OVERCHARGES);

	if (why)
		SUITE_SKIP("%s", why);
	defect_look_for(known);
	if (c->seen < REFUSALS && known) {
		SUITE_XFAIL(defect_reference(known));
		return;
	}
	EXPECT_EQ((unsigned int)REFUSALS, c->seen);
	EXPECT_EQ((ssize_t)(c->most * PAGE), c->left);
}

/* One page too many, then all that may be held, and nothing again. */
static bool goes_to_the_limit_and_back(struct charged *c, int err)
{
	return take(c, c->most + 1) == -err &&
	       take_in_time(c, c->most) == (ssize_t)(c->most * PAGE) && charge_is(c, c->most) &&
	       !c->pinner.ops->drop(&c->pinner) && charge_is(c, 0);
}

/* Several times. Returns why that cannot be tried, or NULL. */
static const char *go_to_the_limit(struct charged *c, const struct pinner_ops *ops, int err,
				   int times)
{
	if (!open_as_a_user_with_a_limit(c, ops))
		return c->pinner.why;
	c->unlimited = take(c, c->most + 1) > 0;
	if (c->unlimited)
		c->pinner.ops->drop(&c->pinner);
	while (times-- && c->most && goes_to_the_limit_and_back(c, err))
		c->rounds++;
	pinner_close(&c->pinner);
	return NULL;
}

TEST_F(memlock, the_charge_comes_back_at_the_limit)
{
	const char *why = go_to_the_limit(&self->charged, variant->pinner, variant->err, 3);
	const struct defect *known = defect_find_flaw(variant->pinner, UNCHARGED);

	if (why)
		SUITE_SKIP("%s", why);
	defect_look_for(known);
	if (self->charged.unlimited && known) {
		SUITE_XFAIL(defect_reference(known));
		return;
	}
	EXPECT_EQ(3, self->charged.rounds);
}

SUITE_MAIN
