// SPDX-License-Identifier: GPL-2.0
/*
 * Every pinner while memory runs out: each allocation of its call fails once, with ordinary pages,
 * with pages under test and with both. The call ends in ENOMEM or in its verdict, and nothing stays
 * pinned.
 */
#define SUITE_USES(PINNER) PINNERS(PINNER)
#include "lib/suite.h"
#include "contract/defect.h"
#include "lib/fail_nth.h"
#include "lib/iommufd.h"
#include "lib/oracle.h"
#include "lib/stage.h"

#define MOST 1000	/* allocations of one call */

FIXTURE(fail_nth)
{
	struct stage stage;
	struct pinner pinner;
	struct oracle before;
	unsigned int failed;	/* allocations that failed, in all calls */
	const struct defect *known;	/* a defect of this kernel that kept pages */
	char why[256];
};

FIXTURE_VARIANT(fail_nth)
{
	const struct pinner_ops *pinner;
};

#define PINNER(name) FIXTURE_VARIANT_ADD(fail_nth, name) { .pinner = &pinner_##name };
PINNERS(PINNER)
#undef PINNER

FIXTURE_SETUP(fail_nth) {}

FIXTURE_TEARDOWN(fail_nth) {}

/* The known defect that a call met. */
static const struct defect *met;

static bool met_defect(const struct call *c, struct verdict want, ssize_t got, bool fired)
{
	const struct defect *known = defect_find(c, want, verdict_seen(got));

	if (!known && fired && !got)
		known = defect_find_flaw(c->pinner, LOSES_ERRNO);
	if (known)
		met = known;
	return known;
}

/* Tries a call with each of its allocations failing. Returns what was wrong, or "". */
static const char *fail_each(struct stage *s, struct pinner *p, enum direction dir,
			     unsigned int *failed)
{
	const struct call call = pinner_contract(p, dir, &s->mapping.props, &s->buffer);
	static char what[128];
	struct verdict want = { .bytes = s->buffer.len };
	unsigned int n;
	bool fired = true;
	ssize_t got;

	if (s->tested)
		want = contract_verdict(&call);
	for (n = 1; fired && n < MOST; n++) {
		fail_nth_arm(n);
		got = pinner_call(p, dir, s->buffer.iov, s->buffer.niov);
		fired = fail_nth_disarm();
		*failed += fired;
		if (!contract_met(want, got) &&
		    !(fired && contract_met_without_memory(&call, want, got)) &&
		    !met_defect(&call, want, got, fired)) {
			snprintf(what, sizeof(what), "layout %s, %s pages, allocation %u: %zd",
				 s->buffer.layout->name, s->tested ? "tested" : "ordinary", n, got);
			return what;
		}
		if (got > 0 && p->ops->drop && p->ops->drop(p))
			return "the held memory cannot be released";
	}
	return "";
}

static const char *fail_both_ways(struct stage *s, struct pinner *p, unsigned int *failed)
{
	const char *wrong = fail_each(s, p, TO_FILE, failed);

	if (!wrong[0] && pinner_fills(p))
		wrong = fail_each(s, p, FROM_FILE, failed);
	return wrong;
}

/* Ordinary pages, and then pages under test among them. */
static const char *fail_layout(struct stage *s, struct pinner *p, const char *layout,
			       unsigned int *failed)
{
	const char *wrong;

	if (!pinner_fit(p->ops, &s->buffer, layout_named(layout), s->arena.anchor,
			s->mapping.granule))
		return "";
	if (stage_set_good(s))
		return "the ordinary pages cannot be laid out";
	wrong = fail_both_ways(s, p, failed);
	if (wrong[0])
		return wrong;
	if (stage_set_tested(s))
		return "the pages under test cannot be laid out";
	wrong = fail_both_ways(s, p, failed);
	stage_clear(s);
	return wrong;
}

/* The module's, where only the PTEs are special, or the one that every machine has. */
static bool open_mapping(struct mapping *m)
{
	return !mapping_open(m, &mapping_mod_special) || !mapping_open(m, &mapping_vvar);
}

static const char *open_stage(struct stage *s, const struct pinner_ops *ops)
{
	const char *why;

	if (!open_mapping(&s->mapping))
		return "no mapping could be opened";
	why = defect_left_out(ops, &s->mapping.props);
	if (!why && stage_open(s))
		why = "no memory to test in";
	if (why)
		mapping_close(&s->mapping);
	return why;
}

static const char *open_all(struct stage *s, struct pinner *p, const struct pinner_ops *ops,
			    char *why, size_t size)
{
	const char *left_out;

	if (ops->in_child)
		return "its fork() would be what fails, and our page faults after it";
	if (ops->by_worker)
		return "a worker takes the pages: fail-nth does not reach it";
	if (fail_nth_begin(why, size))
		return why;
	if (ops == &pinner_iommufd && iommufd_injects_failures()) {
		fail_nth_end();
		return "more than allocations fails: iommufd has its own tests built in";
	}
	/* p9_client_zc_rpc() then disconnects the mount for good. */
	if (ops->scratch == SCRATCH_9P) {
		fail_nth_end();
		return "9p gives up the whole mount when memory runs out";
	}
	if (pinner_open(p, ops)) {
		fail_nth_end();
		return p->why;
	}
	p->mode = ops->modes;
	left_out = open_stage(s, ops);
	if (left_out) {
		pinner_close(p);
		fail_nth_end();
	}
	return left_out;
}

TEST_F(fail_nth, ends_in_its_verdict_or_for_lack_of_memory)
{
	const char *why = open_all(&self->stage, &self->pinner, variant->pinner, self->why,
				   sizeof(self->why));
	char what[256], noise[256];
	bool balanced;

	if (why)
		SUITE_SKIP("%s", why);
	defect_look_for(defect_find_flaw(variant->pinner, LOSES_ERRNO));
	defect_look_for(defect_find_flaw(variant->pinner, KEEPS_PAGES));
	oracle_begin(&self->before);
	EXPECT_STREQ("", fail_layout(&self->stage, &self->pinner, "P", &self->failed));
	EXPECT_STREQ("", fail_layout(&self->stage, &self->pinner, "GPGG", &self->failed));
	printf("# %u allocations failed\n", self->failed);
	fail_nth_end();
	stage_close(&self->stage);
	balanced = oracle_pins_balanced(&self->before, what, sizeof(what));
	if (balanced)
		EXPECT_TRUE(arena_unreferenced(&self->stage.arena));
	EXPECT_TRUE(oracle_kernel_quiet(&self->before, noise, sizeof(noise))) TH_LOG("%s", noise);
	self->known = balanced ? met : defect_find_flaw(variant->pinner, KEEPS_PAGES);
	oracle_end(&self->before);
	pinner_close(&self->pinner);
	EXPECT_TRUE(balanced || self->known) TH_LOG("%s", what);
	if (self->known)
		SUITE_XFAIL(defect_reference(self->known));
}

SUITE_MAIN
