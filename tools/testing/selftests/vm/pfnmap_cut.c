// SPDX-License-Identifier: GPL-2.0
/*
 * O_DIRECT on a disk whose blocks are larger than what memory must be aligned to: good memory that
 * ends inside a block, and behind it a page that must be refused. The kernel has pinned the good
 * memory by then, and gives back what is no whole block (bio_iov_iter_align_down(), block/bio.c).
 * It must give back all of it, whatever the memory is made of.
 */
#define SUITE_USES(PINNER) CUT_PINNERS(PINNER)
#include "lib/suite.h"
#include "contract/defect.h"
#include "lib/memory.h"
#include "lib/oracle.h"

#define BLOCK SCRATCH_BLOCK_SIZE
#define SECTOR 512
#define CALLS 8			/* of each shape, in each direction: what they keep adds up */
#define MEMORY 4		/* pages of good memory, or a huge page */
#define MOST (2 * BLOCK)	/* bytes of a call */
#define SALT_CUT 13

/* The good memory, of @len bytes. */
static const struct shape {
	const char *name;
	bool joined;	/* in one iovec with what must be refused; otherwise in one of its own: */
	size_t before;	/* that begins so many bytes before the second page, or 0: with the first */
	size_t len;
} shapes[] = {
	{ "a part of a block", true, 0, SECTOR },
	{ "a block and a part", true, 0, BLOCK + SECTOR },
	{ "an iovec of a part of a block", false, 0, SECTOR },
	{ "an iovec of a block and a part", false, 0, BLOCK + SECTOR },
	{ "an iovec of a part of a block in two pages", false, SECTOR, 2 * SECTOR },
	{ "an iovec of a block and a part in two pages", false, 3 * SECTOR, BLOCK + 2 * SECTOR },
};

struct cut {
	struct memory memory;
	struct pinner pinner;
	unsigned int tried;	/* shapes that the disk takes when all is good */
	char wrong[256];	/* the first wrong result, or "" */
};

FIXTURE(cut)
{
	struct cut cut;
};

FIXTURE_VARIANT(cut)
{
	const struct mapping_ops *memory;
};

FIXTURE_VARIANT_ADD(cut, anon) { &mapping_anon };
FIXTURE_VARIANT_ADD(cut, shmem) { &mapping_shmem };
FIXTURE_VARIANT_ADD(cut, thp) { &mapping_thp };
FIXTURE_VARIANT_ADD(cut, hugetlb) { &mapping_hugetlb };

FIXTURE_SETUP(cut) {}

FIXTURE_TEARDOWN(cut) {}

/* Returns NULL, or why there is nothing to test with. */
static const char *open_cut(struct cut *c, const struct mapping_ops *memory,
			    const struct pinner_ops *pinner)
{
	const char *why;

	if (!kernel_has(BIO_PINS))
		return "pages of a bio are not counted as pins (needs 6.5)";
	why = memory_open(&c->memory, memory, MEMORY);
	if (why)
		return why;
	if (!pinner_open(&c->pinner, pinner))
		return NULL;
	memory_close(&c->memory);
	return c->pinner.why;
}

static void close_cut(struct cut *c)
{
	pinner_close(&c->pinner);
	memory_close(&c->memory);
}

static char *end_of_memory(const struct cut *c)
{
	return c->memory.base + c->memory.pages * PAGE;
}

/*
 * Lays @s out, and the rest of its last block, which is good as well or must be refused. Returns
 * the number of iovecs.
 */
static int lay_out(const struct cut *c, const struct shape *s, bool refused, struct iovec iov[2])
{
	size_t rest = BLOCK - s->len % BLOCK;
	char *end = end_of_memory(c);

	if (s->joined) {
		iov[0] = (struct iovec){ end - s->len - (refused ? 0 : PAGE), s->len + rest };
		return 1;
	}
	iov[0] = (struct iovec){ c->memory.base + (s->before ? PAGE - s->before : 0),
				  s->len };
	iov[1] = (struct iovec){ refused ? end : end - PAGE, rest };
	return 2;
}

static void complain(struct cut *c, const struct shape *s, enum direction dir, const char *what,
		     ssize_t got)
{
	if (!c->wrong[0])
		snprintf(c->wrong, sizeof(c->wrong), "%s of %s: %s: %zd",
			 dir == TO_FILE ? "write" : "read", s->name, what, got);
}

/* New bytes for the pages that a shape at @begin is in. */
static void fill(const struct cut *c, char *begin)
{
	static unsigned int number;
	char *page = begin - (uintptr_t)begin % PAGE;

	for (; page < begin + MOST && page < end_of_memory(c); page += PAGE)
		pattern_fill(page, PATTERN_ID(SALT_CUT, number++), 0, PAGE);
}

/* The @got bytes at @begin that a call says it has moved are the file's. */
static void check_moved(struct cut *c, const struct shape *s, enum direction dir, const char *begin,
			ssize_t got)
{
	static char file[MOST] __aligned(MAX_PAGE);
	const struct scratch *scratch = c->pinner.scratch;
	off_t at = dir == TO_FILE ? scratch->out_start : 0;

	if (pread(scratch->in, file, MOST, at) != MOST)
		complain(c, s, dir, "the file cannot be read back", -errno);
	else if (memcmp(begin, file, got))
		complain(c, s, dir, "these bytes differ in memory and file", got);
}

/* A call ends in the errno of the refused page, or with what was moved before it. */
static void try_call(struct cut *c, const struct shape *s, enum direction dir)
{
	struct iovec iov[2];
	int n = lay_out(c, s, true, iov);
	ssize_t got;

	fill(c, iov[0].iov_base);
	got = pinner_call(&c->pinner, dir, iov, n);
	if (got < 0 && got != -EFAULT)
		complain(c, s, dir, "an errno that no rule has", got);
	else if (got > (ssize_t)s->len)
		complain(c, s, dir, "bytes of a page that must be refused", got);
	else if (got > 0)
		check_moved(c, s, dir, iov[0].iov_base, got);
}

/* Before 6.18 the length of each iovec had to be whole blocks. */
static bool is_taken(struct cut *c, const struct shape *s)
{
	struct iovec iov[2];
	int n = lay_out(c, s, false, iov);
	ssize_t got = pinner_call(&c->pinner, TO_FILE, iov, n);

	if (got != -EINVAL && got != (ssize_t)pinner_length(iov, n))
		complain(c, s, TO_FILE, "all of it is good, and it was not taken", got);
	return got == (ssize_t)pinner_length(iov, n);
}

static void try_shape(struct cut *c, const struct shape *s)
{
	unsigned int i;

	if (!is_taken(c, s))
		return;
	c->tried++;
	for (i = 0; i < CALLS; i++) {
		try_call(c, s, TO_FILE);
		try_call(c, s, FROM_FILE);
	}
}

/* Tries all shapes; false when something stays pinned, which @what (of @size bytes) tells. */
static bool try_shapes(struct cut *c, bool leaks, char *what, size_t size)
{
	struct oracle before;
	bool balanced = true;
	size_t i;

	for (i = 0; balanced && i < ARRAY_SIZE(shapes); i++) {
		oracle_begin_where(&before, leaks);
		try_shape(c, &shapes[i]);
		balanced = oracle_pins_balanced(&before, what, size);
		oracle_end(&before);
	}
	if (!balanced)
		printf("# %d reads and %d writes of %s: %s\n", CALLS, CALLS, shapes[i - 1].name,
		       what);
	return balanced;
}

#define PINNER(name)								\
TEST_F(cut, name)								\
{										\
	const struct defect *known = defect_find_flaw(&pinner_##name, CUT_KEEPS_PAGES);	\
	struct cut *c = &self->cut;						\
	const char *why = open_cut(c, variant->memory, &pinner_##name);		\
	char what[256];								\
	bool balanced;								\
										\
	if (why)								\
		SUITE_SKIP("%s", why);						\
	defect_look_for(known);							\
	balanced = try_shapes(c, known, what, sizeof(what));			\
	close_cut(c);								\
	EXPECT_STREQ("", c->wrong);						\
	EXPECT_LT(0u, c->tried);						\
	if (!balanced && known) {						\
		SUITE_XFAIL(defect_reference(known));				\
		return;								\
	}									\
	EXPECT_TRUE(balanced) TH_LOG("%s", what);				\
}
CUT_PINNERS(PINNER)
#undef PINNER

SUITE_MAIN
