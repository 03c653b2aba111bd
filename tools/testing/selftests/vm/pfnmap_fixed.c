// SPDX-License-Identifier: GPL-2.0
/*
 * What a registered buffer does not cover is out of reach, though it is mapped, or registered
 * beside it: validate_fixed_range(), io_uring/rsrc.c. A ring without the buffer has nothing.
 */
#include <sys/mman.h>

#define FIXED_PINNERS(PINNER)		\
	PINNER(register_buffers)	\
	PINNER(register_buffers2)	\
	PINNER(buffers_update)		\
	PINNER(buffers_vec)		\
	PINNER(send_zc_fixed)		\
	PINNER(sendmsg_zc_fixed)
#define SUITE_USES(PINNER) FIXED_PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/oracle.h"

#define PAGES 4U	/* of each of two buffers, which lie side by side between pages of others */
#define ROOM (2 * PAGES + 2)
#define SALT_FIXED 59

/* Bytes of memory from the first buffer's start on, and the buffer that they are asked of. */
struct reach {
	long at;
	size_t len;
	int buffer;
};

#define ALL ((long)(PAGES * PAGE))

FIXTURE(buffer)
{
	struct pinner pinner;
	struct oracle before;
	char *room;
	char *base;
	bool open;
};

FIXTURE_VARIANT(buffer)
{
	const struct pinner_ops *pinner;
};

#define PINNER(name) FIXTURE_VARIANT_ADD(buffer, name) { .pinner = &pinner_##name };
FIXED_PINNERS(PINNER)
#undef PINNER

FIXTURE_SETUP(buffer)
{
	size_t i;

	oracle_begin(&self->before);
	self->room = mmap(NULL, ROOM * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	ASSERT_NE(MAP_FAILED, self->room);
	self->base = self->room + PAGE;
	for (i = 0; i < ROOM; i++)
		pattern_fill(self->room + i * PAGE, PATTERN_ID(SALT_FIXED, i), 0, PAGE);
	self->open = !pinner_open(&self->pinner, variant->pinner);
}

/* Has no page changed? */
static bool is_unchanged(const char *room)
{
	size_t i;

	for (i = 0; i < ROOM; i++)
		if (!pattern_holds(room + i * PAGE, PATTERN_ID(SALT_FIXED, i), 0, PAGE))
			return false;
	return true;
}

FIXTURE_TEARDOWN(buffer)
{
	char what[256];

	if (self->open)
		pinner_close(&self->pinner);
	EXPECT_TRUE(is_unchanged(self->room));
	munmap(self->room, ROOM * PAGE);
	EXPECT_TRUE(oracle_balanced(&self->before, what, sizeof(what))) TH_LOG("%s", what);
	oracle_end(&self->before);
}

static ssize_t move(struct pinner *p, enum direction dir, char *base, const struct reach *r)
{
	return p->ops->move(p, dir, base + r->at, r->len, r->buffer,
			    dir == TO_FILE ? scratch_short_slot(p->scratch, 0) : 0);
}

/* The first of the @n reaches that is not refused, in either direction, or -1. */
static int reached(struct pinner *p, char *base, const struct reach *reaches, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (move(p, TO_FILE, base, &reaches[i]) != -EFAULT ||
		    move(p, FROM_FILE, base, &reaches[i]) != -EFAULT)
			return i;
	return -1;
}

static ssize_t take_both(struct pinner *p, char *base)
{
	const struct iovec both[] = { { base, ALL }, { base + ALL, ALL } };

	return p->ops->take(p, both, 2);
}

TEST_F(buffer, is_out_of_reach_beyond_its_ends)
{
	const struct reach beyond[] = {
		{ -1, PAGE, 0 }, { -(long)PAGE, PAGE, 0 }, { -1, ALL + 2, 0 }, { ALL - 1, 2, 0 },
		{ ALL, 1, 0 }, { 1, ALL, 0 }, { 0, 2 * ALL, 0 }, { ALL - 1, 2, 1 }, { 0, 1, 1 },
		{ 2 * ALL - 1, 2, 1 }, { 0, PAGE, 2 },
	};
	struct pinner *p = &self->pinner;

	if (!self->open)
		SUITE_SKIP("%s", p->why);
	ASSERT_EQ(2 * ALL, take_both(p, self->base));
	EXPECT_EQ(-1, reached(p, self->base, beyond, ARRAY_SIZE(beyond)));
	EXPECT_EQ(0, p->ops->drop(p));
}

TEST_F(buffer, is_out_of_reach_before_and_after_it_is_registered)
{
	const struct reach all[] = { { 0, ALL, 0 }, { ALL, ALL, 1 } };
	struct pinner *p = &self->pinner;

	if (!self->open)
		SUITE_SKIP("%s", p->why);
	EXPECT_EQ(-1, reached(p, self->base, all, ARRAY_SIZE(all)));
	ASSERT_EQ(2 * ALL, take_both(p, self->base));
	EXPECT_EQ(ALL, move(p, TO_FILE, self->base, &all[0]));
	EXPECT_EQ(ALL, move(p, TO_FILE, self->base, &all[1]));
	EXPECT_EQ(0, p->ops->drop(p));
	EXPECT_EQ(-1, reached(p, self->base, all, ARRAY_SIZE(all)));
}

SUITE_MAIN
