// SPDX-License-Identifier: GPL-2.0
/*
 * Registered buffers that two rings share (IORING_REGISTER_CLONE_BUFFERS), given up in any order,
 * beside buffers of the same page: held pages are charged to the process for as long as one of the
 * rings has them, and not longer.
 */
#include <sys/syscall.h>

#include "lib/suite.h"
#include "contract/defect.h"
#include "lib/limited.h"
#include "lib/memory.h"
#include "lib/oracle.h"
#include "lib/patience.h"
#include "lib/ring.h"

#ifdef HAVE_LIBURING

#define SLOTS 2			/* buffers of a ring */
#define PIECE 2UL		/* pages of a buffer */
#define ROUNDS 3		/* of each scene: what is charged for ever adds up */
#define MOST_TURNS 8
#define LIMIT 8192		/* pages */

/* include/uapi/linux/io_uring.h, since 6.12, and the flag since 6.13. */
#define REGISTER_CLONE_BUFFERS 30
#define REGISTER_DST_REPLACE 2U

struct clone_buffers {
	unsigned int src_fd, flags, src_off, dst_off, nr, pad[3];
};

enum ring_name { A, B, NR_RINGS };
enum piece { NOTHING, X, Y, NR_PIECES };

/* What a ring does. */
struct turn {
	enum ring_name ring;
	enum { END, OPEN, SET, CLONE, REPLACE, CLOSE } does;
	int slot;
	enum piece piece;
};

#define OPENS(ring)		{ ring, OPEN, 0, NOTHING }	/* has room for buffers */
#define HAS(ring, slot, piece)	{ ring, SET, slot, piece }	/* as its buffer @slot */
#define CLONES(ring)		{ ring, CLONE, 0, NOTHING }	/* has all of the other ring */
#define REPLACES(ring)		{ ring, REPLACE, 0, NOTHING }	/* the same, instead of its own */
#define CLOSES(ring)		{ ring, CLOSE, 0, NOTHING }	/* gives all of them up */

struct sharing {
	struct memory memory;
	struct io_uring rings[NR_RINGS];
	int opened;				/* rings */
	enum piece has[NR_RINGS][SLOTS];	/* what each ring should have */
	long before;				/* pages that VmPin was */
	bool may_be_wrong;			/* a known defect of this kernel may show */
	char wrong[256];			/* the first wrong charge, or "" */
};

FIXTURE(clone)
{
	struct sharing sharing;
};

FIXTURE_VARIANT(clone)
{
	const struct mapping_ops *memory;
};

FIXTURE_VARIANT_ADD(clone, anon) { &mapping_anon };
FIXTURE_VARIANT_ADD(clone, shmem) { &mapping_shmem };
FIXTURE_VARIANT_ADD(clone, thp) { &mapping_thp };
FIXTURE_VARIANT_ADD(clone, hugetlb) { &mapping_hugetlb };

FIXTURE_SETUP(clone) {}

FIXTURE_TEARDOWN(clone) {}

static void close_sharing(struct sharing *s)
{
	while (s->opened)
		io_uring_queue_exit(&s->rings[--s->opened]);
	memory_close(&s->memory);
}

/* A ring without CAP_IPC_LOCK, whose buffers are charged on every kernel. */
static bool open_rings(struct sharing *s)
{
	for (s->opened = 0; s->opened < NR_RINGS; s->opened++)
		if (io_uring_queue_init(1, &s->rings[s->opened], 0))
			return false;
	return true;
}

/* Returns NULL, or why nothing can be tested. */
static const char *open_sharing(struct sharing *s, const struct mapping_ops *memory)
{
	const char *why = memory_open(&s->memory, memory, (NR_PIECES - 1) * PIECE);

	if (why)
		return why;
	if (!limited_become_user(LIMIT)) {
		close_sharing(s);
		return "this user cannot have a limit: run as root";
	}
	if (open_rings(s))
		return NULL;
	close_sharing(s);
	return "no io_uring: CONFIG_IO_URING, sysctl kernel.io_uring_disabled=0";
}

static int set(struct sharing *s, const struct turn *turn)
{
	struct iovec iov = {};
	int got;

	if (turn->piece)
		iov = (struct iovec){ s->memory.base + (turn->piece - X) * PIECE * PAGE,
				      PIECE * PAGE };
	s->has[turn->ring][turn->slot] = turn->piece;
	got = io_uring_register_buffers_update_tag(&s->rings[turn->ring], turn->slot, &iov, NULL,
						   1);
	return got < 0 ? got : 0;
}

static int clone_buffers(struct sharing *s, enum ring_name to, unsigned int flags)
{
	enum ring_name from = to == A ? B : A;
	struct clone_buffers arg = { .src_fd = s->rings[from].ring_fd, .flags = flags };

	memcpy(s->has[to], s->has[from], sizeof(s->has[to]));
	return syscall(SYS_io_uring_register, s->rings[to].ring_fd, REGISTER_CLONE_BUFFERS, &arg,
		       1) < 0 ? -errno : 0;
}

static int close_buffers(struct sharing *s, enum ring_name ring)
{
	memset(s->has[ring], 0, sizeof(s->has[ring]));
	return io_uring_unregister_buffers(&s->rings[ring]);
}

/* 0 or -errno. */
static int take_turn(struct sharing *s, const struct turn *turn)
{
	switch (turn->does) {
	case OPEN:
		return io_uring_register_buffers_sparse(&s->rings[turn->ring], SLOTS);
	case SET:
		return set(s, turn);
	case CLONE:
		return clone_buffers(s, turn->ring, 0);
	case REPLACE:
		return clone_buffers(s, turn->ring, REGISTER_DST_REPLACE);
	case CLOSE:
		return close_buffers(s, turn->ring);
	case END:
		break;
	}
	return 0;
}

/*
 * Pages that are held, and pages that may be charged for them: a ring's buffer is charged with the
 * whole compound page, or with nothing where another one has been.
 */
static void owed(const struct sharing *s, long *least, long *most)
{
	size_t compound = s->memory.mapping.props.compound;
	long each = compound > PIECE ? compound : PIECE;
	bool held[NR_PIECES] = {};
	int ring, slot, piece;

	*least = *most = 0;
	for (ring = 0; ring < NR_RINGS; ring++) {
		for (slot = 0; slot < SLOTS; slot++) {
			held[s->has[ring][slot]] = true;
			*most += s->has[ring][slot] ? each : 0;
		}
	}
	for (piece = X; piece < NR_PIECES; piece++)
		*least += held[piece] ? PIECE : 0;
}

/* A worker may release what was given up. */
static bool is_charged(struct sharing *s, long *grown, long *least, long *most)
{
	struct patience patience;
	struct charges now;

	owed(s, least, most);
	if (s->may_be_wrong)
		patience_begin_short(&patience);
	else
		patience_begin(&patience);
	do {
		oracle_charges(&now);
		*grown = now.vm_pin - s->before;
		if (*grown >= *least && *grown <= *most)
			return true;
	} while (patience_wait(&patience));
	return false;
}

static void check_charge(struct sharing *s, int round, int turn)
{
	long grown, least, most;

	if (s->wrong[0] || is_charged(s, &grown, &least, &most))
		return;
	snprintf(s->wrong, sizeof(s->wrong),
		 "round %d, after turn %d: VmPin grew by %ld pages, not by %ld to %ld", round + 1,
		 turn + 1, grown, least, most);
}

/* Takes the turns several times. 0, or the -errno of a turn, after which it ends. */
static int play(struct sharing *s, const struct turn *turns)
{
	struct charges before;
	int round, i, err;

	oracle_charges(&before);
	s->before = before.vm_pin;
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < MOST_TURNS && turns[i].does != END; i++) {
			err = take_turn(s, &turns[i]);
			if (err)
				return err;
			check_charge(s, round, i);
		}
	}
	return 0;
}

/* NULL, or what this kernel does not know of what the rings do. */
static const char *unknown(const struct turn *turns)
{
	int i;

	if (!kernel_has(CLONES_BUFFERS))
		return "buffers cannot be cloned (needs 6.12)";
	for (i = 0; i < MOST_TURNS && !kernel_has(CLONES_REPLACE); i++)
		if (turns[i].does == REPLACE)
			return "clones cannot replace buffers (needs 6.13)";
	return NULL;
}

/* @entry, a defect, shows in a huge page, of which several buffers are charged once. */
#define SHARED_TEST(name, entry, ...)							\
TEST_F(clone, name)									\
{											\
	static const struct turn turns[MOST_TURNS] = { OPENS(A), __VA_ARGS__ };		\
	struct sharing *s = &self->sharing;						\
	const char *why = unknown(turns) ?: open_sharing(s, variant->memory);		\
	const char *known = NULL;							\
	int err;									\
											\
	if (why)									\
		SUITE_SKIP("%s", why);							\
	s->may_be_wrong = kernel_has(entry) && s->memory.mapping.props.compound > 1;	\
	err = play(s, turns);								\
	close_sharing(s);								\
	if (s->may_be_wrong)								\
		known = defect_seen(entry, s->wrong[0]);				\
	if (known) {									\
		printf("# %s\n", s->wrong);						\
		SUITE_XFAIL(known);							\
		return;									\
	}										\
	EXPECT_STREQ("", s->wrong);							\
	EXPECT_EQ(0, err);								\
}

SHARED_TEST(is_charged_until_both_have_given_it_up, NO_CHANGE,
	    HAS(A, 0, X), CLONES(B), CLOSES(A), CLOSES(B))
SHARED_TEST(that_is_given_up_first_leaves_the_charge, NO_CHANGE,
	    HAS(A, 0, X), CLONES(B), CLOSES(B), CLOSES(A))
SHARED_TEST(beside_a_buffer_of_the_same_page, CLONES_MISCHARGED,
	    HAS(A, 0, X), CLONES(B), HAS(B, 1, Y), HAS(B, 0, NOTHING), CLOSES(B), CLOSES(A))
SHARED_TEST(that_outlives_its_owner_beside_a_buffer_of_the_same_page, CLONES_UNCHARGE,
	    HAS(A, 0, X), CLONES(B), HAS(B, 1, Y), CLOSES(A), HAS(B, 0, NOTHING), CLOSES(B))
SHARED_TEST(that_replaces_a_buffer_of_the_same_page, CLONES_MISCHARGED,
	    OPENS(B), HAS(B, 0, Y), HAS(A, 0, X), REPLACES(B), CLOSES(A), CLOSES(B))
SHARED_TEST(of_two_buffers_of_a_page_given_up_one_by_one, CLONES_MISCHARGED,
	    HAS(A, 0, X), HAS(A, 1, Y), CLONES(B), HAS(A, 0, NOTHING), HAS(B, 1, NOTHING),
	    CLOSES(A), CLOSES(B))

#else

FIXTURE(clone) {};

FIXTURE_SETUP(clone) {}

FIXTURE_TEARDOWN(clone) {}

TEST_F(clone, is_charged)
{
	SUITE_SKIP("built without liburing: install liburing-dev and build again");
}

#endif

SUITE_MAIN
