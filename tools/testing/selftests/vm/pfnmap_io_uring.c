// SPDX-License-Identifier: GPL-2.0
/*
 * io_uring takes user pages by registration and by O_DIRECT I/O: every mapping, every way. And what
 * registrations are charged.
 */
#define _GNU_SOURCE
#include <sys/resource.h>

#define SUITE_PINNERS(PINNER) IO_URING_PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/oracle.h"
#include "lib/stage.h"

#define LIMIT 64		/* pages of RLIMIT_MEMLOCK */
#define REFUSALS 1100		/* more than GUP_PIN_COUNTING_BIAS, which is 1024 */

struct charged {
	struct stage stage;	/* a good page beside one that must be refused */
	struct pinner pinner;
	char *memory;		/* twice the limit */
};

/* What registrations are charged, and what a great many refused ones add up to. */
FIXTURE(memlock)
{
	struct charged charged;
};

/* A user that nobody else is, so that nobody else's locked memory counts. */
static bool become_a_user_with_a_limit(void)
{
	const struct rlimit limit = { LIMIT * PAGE, LIMIT * PAGE };
	uid_t uid = 200000 + getpid();

	return !setresuid(uid, uid, uid) && !setrlimit(RLIMIT_MEMLOCK, &limit);
}

/* The limit comes last: pinner_open() would find it too small for what cells do. */
static bool open_as_a_user_with_a_limit(struct charged *c)
{
	if (pinner_open(&c->pinner, &pinner_register_buffers))
		return false;
	if (geteuid())
		return !pinner_skip(&c->pinner, "other processes of this user count: run as root");
	c->pinner.ops->close(&c->pinner);
	return become_a_user_with_a_limit() && !c->pinner.ops->open(&c->pinner);
}

static ssize_t take(struct charged *c, size_t pages)
{
	const struct iovec iov = { c->memory, pages * PAGE };

	return c->pinner.ops->take(&c->pinner, &iov, 1);
}

/* The most pages that can be registered: the limit, less what the ring is charged on some kernels. */
static size_t most_pages(struct charged *c)
{
	size_t pages = LIMIT;

	while (pages && take(c, pages) < 0)
		pages--;
	if (pages)
		c->pinner.ops->drop(&c->pinner);
	return pages;
}

/* Opens the first mapping that must be refused, and lays good page and refused page out. */
static bool set_refused(struct charged *c)
{
	struct stage *s = &c->stage;
	size_t i;

	for (i = 0; mappings[i]; i++) {
		if (mappings[i]->control || mapping_open(&s->mapping, mappings[i]))
			continue;
		if (s->mapping.props.vma_refuses && !stage_open(s)) {
			layout_fit(&s->buffer, layout_named("GP"), s->arena.anchor,
				   s->mapping.granule, 1);
			return !stage_set_good(s) && !stage_set_tested(s);
		}
		mapping_close(&s->mapping);
	}
	return false;
}

static unsigned int count_refusals(struct charged *c)
{
	const struct buffer *b = &c->stage.buffer;
	struct verdict want = contract_verdict(&c->stage.mapping.props,
					       &c->pinner.ops->props, b);
	unsigned int i, seen = 0;

	for (i = 0; i < REFUSALS; i++)
		seen += c->pinner.ops->take(&c->pinner, b->iov, b->niov) == -want.err;
	return seen;
}

FIXTURE_SETUP(memlock)
{
	self->charged.memory = mmap(NULL, 2 * LIMIT * PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

FIXTURE_TEARDOWN(memlock)
{
	munmap(self->charged.memory, 2 * LIMIT * PAGE);
}

TEST_F(memlock, refusals_beside_a_good_page_add_up_to_nothing)
{
	struct charged *c = &self->charged;
	struct oracle before;
	char what[256];

	if (pinner_open(&c->pinner, &pinner_register_buffers))
		SKIP(return, "%s", c->pinner.why);
	oracle_begin(&before);
	if (!set_refused(c))
		SKIP(return, "no mapping that must be refused could be opened");
	EXPECT_EQ((unsigned int)REFUSALS, count_refusals(c));
	stage_close(&c->stage);
	EXPECT_TRUE(oracle_balanced(&before, what, sizeof(what))) TH_LOG("%s", what);
	EXPECT_TRUE(arena_unreferenced(&c->stage.arena))
		TH_LOG("the good page is still held: F_SEAL_WRITE: %s", strerror(errno));
	EXPECT_EQ((ssize_t)PAGE, take(c, 1));
}

TEST_F(memlock, refusals_are_not_charged)
{
	struct charged *c = &self->charged;
	size_t most;

	if (!open_as_a_user_with_a_limit(c))
		SKIP(return, "%s", c->pinner.why);
	most = most_pages(c);
	if (!set_refused(c))
		SKIP(return, "no mapping that must be refused could be opened");
	EXPECT_EQ((unsigned int)REFUSALS, count_refusals(c));
	stage_close(&c->stage);
	EXPECT_EQ((ssize_t)(most * PAGE), take(c, most));
}

TEST_F(memlock, the_charge_comes_back_at_the_limit)
{
	struct charged *c = &self->charged;
	struct charges charges;
	size_t most;
	int i;

	if (!open_as_a_user_with_a_limit(c))
		SKIP(return, "%s", c->pinner.why);
	most = most_pages(c);
	ASSERT_NE((size_t)0, most);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(-ENOMEM, take(c, most + 1));
		EXPECT_EQ((ssize_t)(most * PAGE), take(c, most));
		oracle_charges(&charges);
		EXPECT_EQ((long)most, charges.vm_pin);
		EXPECT_EQ(0, c->pinner.ops->drop(&c->pinner));
		oracle_charges(&charges);
		EXPECT_EQ(0, charges.vm_pin);
	}
}

SUITE_MAIN
