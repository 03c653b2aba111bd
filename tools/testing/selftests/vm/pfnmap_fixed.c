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
	PINNER(send_zc_fixed)
#define SUITE_USES(PINNER) FIXED_PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/oracle.h"

#define PAGES 4U	/* of each of two buffers, which lie side by side between pages of others */
#define SALT_FIXED 59

/* Bytes of memory from the first buffer's start on, and the buffer that they are asked of. */
struct reach {
	long at;
	size_t len;
	int buffer;
};

#define ALL ((long)(PAGES * PAGE))

FIXTURE(fixed)
{
	struct pinner pinner;
	struct oracle before;
	char *room;
	char *base;
};

FIXTURE_SETUP(fixed)
{
	const size_t size = (2 * PAGES + 2) * PAGE;
	size_t i;

	oracle_begin(&self->before);
	self->room = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->room);
	self->base = self->room + PAGE;
	for (i = 0; i < 2 * PAGES + 2; i++)
		pattern_fill(self->room + i * PAGE, PATTERN_ID(SALT_FIXED, i), 0, PAGE);
}

FIXTURE_TEARDOWN(fixed)
{
	char what[256];

	munmap(self->room, (2 * PAGES + 2) * PAGE);
	EXPECT_TRUE(oracle_balanced(&self->before, what, sizeof(what))) TH_LOG("%s", what);
	oracle_end(&self->before);
}

/* Has no page changed? */
static bool is_unchanged(const char *room)
{
	size_t i;

	for (i = 0; i < 2 * PAGES + 2; i++)
		if (!pattern_holds(room + i * PAGE, PATTERN_ID(SALT_FIXED, i), 0, PAGE))
			return false;
	return true;
}

static ssize_t move(struct pinner *p, enum direction dir, char *base, const struct reach *r)
{
	return p->ops->move(p, dir, base + r->at, r->len, r->buffer,
			    dir == TO_FILE ? scratch_short_slot(p->scratch, 0) : 0);
}

/* The first of the reaches that is not refused, in either direction, or -1. */
static int reached(struct pinner *p, char *base, const struct reach *reaches, size_t n,
		   ssize_t *got)
{
	enum direction dir;
	size_t i;

	for (i = 0; i < n; i++) {
		for (dir = TO_FILE; dir <= FROM_FILE; dir++) {
			*got = move(p, dir, base, &reaches[i]);
			if (*got != -EFAULT)
				return i;
		}
	}
	return -1;
}

static void take_both(struct pinner *p, char *base, ssize_t *got)
{
	const struct iovec both[] = { { base, ALL }, { base + ALL, ALL } };

	*got = p->ops->take(p, both, 2);
}

#define PINNER(name)									\
TEST_F(fixed, name)									\
{											\
	const struct reach beyond[] = {							\
		{ -1, PAGE, 0 }, { -(long)PAGE, PAGE, 0 }, { -1, ALL + 2, 0 },		\
		{ ALL - 1, 2, 0 }, { ALL, 1, 0 }, { 1, ALL, 0 }, { 0, 2 * ALL, 0 },	\
		{ ALL - 1, 2, 1 }, { 0, 1, 1 }, { 2 * ALL - 1, 2, 1 }, { 0, PAGE, 2 },	\
	};										\
	const struct reach within[] = { { 0, ALL, 0 }, { ALL, ALL, 1 } };		\
	struct pinner *p = &self->pinner;						\
	ssize_t got;									\
											\
	if (pinner_open(p, &pinner_##name))						\
		SUITE_SKIP("%s", p->why);						\
	EXPECT_EQ(-1, reached(p, self->base, within, ARRAY_SIZE(within), &got))		\
		TH_LOG("nothing is registered: %zd", got);				\
	take_both(p, self->base, &got);							\
	ASSERT_EQ(2 * ALL, got);							\
	EXPECT_EQ(-1, reached(p, self->base, beyond, ARRAY_SIZE(beyond), &got))		\
		TH_LOG("%zd", got);							\
	EXPECT_TRUE(is_unchanged(self->room));						\
	EXPECT_EQ(ALL, move(p, TO_FILE, self->base, &within[0]));			\
	EXPECT_EQ(ALL, move(p, TO_FILE, self->base, &within[1]));			\
	EXPECT_EQ(0, p->ops->drop(p));							\
	EXPECT_EQ(-1, reached(p, self->base, within, ARRAY_SIZE(within), &got))		\
		TH_LOG("nothing is registered any more: %zd", got);			\
	EXPECT_TRUE(is_unchanged(self->room));						\
	pinner_close(p);								\
}
FIXED_PINNERS(PINNER)
#undef PINNER

SUITE_MAIN
