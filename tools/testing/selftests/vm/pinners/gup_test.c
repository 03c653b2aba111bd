// SPDX-License-Identifier: GPL-2.0
/*
 * mm/gup_test.c of the kernel, which calls GUP: the long-term pins, whose pages can be read back,
 * and the benchmarks. A benchmark returns 0 for a refused pin, but .size has the pinned bytes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pinner.h"

#define GUP_TEST "/sys/kernel/debug/gup_test"

/* mm/gup_test.h; not in the UAPI. */
struct gup_test {
	__u64 get_delta_usec, put_delta_usec;
	__u64 addr, size;
	__u32 nr_pages_per_call, gup_flags, test_flags, which_pages[8];
};

struct pin_longterm_test {
	__u64 addr, size;
	__u32 flags;
};

#define PIN_FAST_BENCHMARK _IOWR('g', 2, struct gup_test)
#define PIN_BASIC_TEST _IOWR('g', 5, struct gup_test)
#define PIN_LONGTERM_TEST_START _IOW('g', 7, struct pin_longterm_test)
#define PIN_LONGTERM_TEST_STOP _IO('g', 8)
#define PIN_LONGTERM_TEST_READ _IOW('g', 9, __u64)
#define USE_WRITE 1		/* PIN_LONGTERM_TEST_FLAG_USE_WRITE */
#define USE_FAST 2

static int gup_test;
static uintptr_t first;		/* address of the pin */

static int gup_test_open(struct pinner *p)
{
	gup_test = open(GUP_TEST, O_RDWR | O_CLOEXEC);
	if (gup_test >= 0)
		return 0;
	if (errno == ENOENT)
		return pinner_skip(p, "no " GUP_TEST ": CONFIG_GUP_TEST, and mount debugfs");
	return pinner_skip(p, GUP_TEST ": run as root");
}

static void gup_test_close(struct pinner *p __maybe_unused)
{
	close(gup_test);
}

static int longterm_open(struct pinner *p)
{
	if (gup_test_open(p))
		return -1;
	/* A kernel that has PIN_LONGTERM_TEST_STOP accepts it without a pin. */
	if (!ioctl(gup_test, PIN_LONGTERM_TEST_STOP))
		return 0;
	close(gup_test);
	return pinner_skip(p, "PIN_LONGTERM_TEST_STOP: %s (needs 6.2)", strerror(errno));
}

static ssize_t take_longterm(struct pinner *p, const struct iovec *iov, unsigned int flags)
{
	struct pin_longterm_test test = {
		.addr = (uintptr_t)iov->iov_base,
		.size = iov->iov_len,
		.flags = flags | (p->mode->flags & FOLL_WRITE ? USE_WRITE : 0),
	};

	first = test.addr;
	return ioctl(gup_test, PIN_LONGTERM_TEST_START, &test) ? -errno : (ssize_t)iov->iov_len;
}

static ssize_t take_slow(struct pinner *p, const struct iovec *iov, int n __maybe_unused)
{
	return take_longterm(p, iov, 0);
}

static ssize_t take_fast(struct pinner *p, const struct iovec *iov, int n __maybe_unused)
{
	return take_longterm(p, iov, USE_FAST);
}

/* PIN_LONGTERM_TEST_READ reads all pinned pages. */
static ssize_t longterm_copy(struct pinner *p __maybe_unused, enum direction dir __maybe_unused,
			     const struct iovec *iov, int n __maybe_unused, char *bounce)
{
	static char held[LAYOUT_PAGES * MAX_PAGE];
	__u64 to = (uintptr_t)held;
	size_t skip = (uintptr_t)iov->iov_base - first;

	if (ioctl(gup_test, PIN_LONGTERM_TEST_READ, &to))
		return -errno;
	memcpy(bounce, held + skip, iov->iov_len);
	return iov->iov_len;
}

static ssize_t longterm_move(struct pinner *p, enum direction dir, void *buf, size_t len,
			     int i __maybe_unused, off_t at)
{
	const struct iovec iov = { buf, len };

	return pinner_bounce(p, dir, &iov, 1, at, longterm_copy);
}

static int longterm_drop(struct pinner *p __maybe_unused)
{
	return ioctl(gup_test, PIN_LONGTERM_TEST_STOP) ? -errno : 0;
}

/* One page per call of GUP: .size does not show a short pin. */
static ssize_t benchmark(const struct iovec *iov, unsigned long command)
{
	struct gup_test test = {
		.addr = (uintptr_t)iov->iov_base,
		.size = iov->iov_len,
		.nr_pages_per_call = 1,
		/* Never for read: the benchmark warns about the zero page, which is not pinned. */
		.gup_flags = FOLL_WRITE,
	};

	if (ioctl(gup_test, command, &test))
		return -errno;
	return test.size ? (ssize_t)test.size : -EFAULT;
}

static ssize_t take_benchmark(struct pinner *p __maybe_unused, const struct iovec *iov,
			      int n __maybe_unused)
{
	return benchmark(iov, PIN_BASIC_TEST);
}

static ssize_t take_benchmark_fast(struct pinner *p __maybe_unused, const struct iovec *iov,
				   int n __maybe_unused)
{
	return benchmark(iov, PIN_FAST_BENCHMARK);
}

static const struct pinner_mode longterm_modes[] = {
	{ .name = "read", .flags = FOLL_LONGTERM },
	{ .name = "write", .flags = FOLL_LONGTERM | FOLL_WRITE },
	{}
};

static struct verdict pin_longterm_test_start(const struct call *c)
{
	return pinned_iovec_by_iovec(c, call_gup);
}

#define LONGTERM_PINNER(name_, ...)				\
	const struct pinner_ops pinner_gup_test_##name_ = {	\
		.name = "gup_test_" #name_,			\
		.rule = pin_longterm_test_start,		\
		.caller = "pin_longterm_test_start(), mm/gup_test.c", \
		.flags = FOLL_PIN | __VA_ARGS__,		\
		.scratch = SCRATCH_MEMORY,			\
		.one_iovec = true,				\
		.one_way = true,				\
		.open = longterm_open,				\
		.close = gup_test_close,			\
		.take = take_##name_,				\
		.move = longterm_move,				\
		.drop = longterm_drop,				\
		.modes = longterm_modes,			\
	}

LONGTERM_PINNER(slow, 0);
LONGTERM_PINNER(fast, GUP_FAST);

/* The errno is lost; take_benchmark() returns -EFAULT for a page that is not pinned. */
static struct verdict __gup_test_ioctl(const struct call *c)
{
	return verdict_errno(short_count(c), EFAULT);
}

#define BENCHMARK_PINNER(name_, ...)				\
	const struct pinner_ops pinner_gup_##name_ = {		\
		.name = "gup_" #name_,				\
		.rule = __gup_test_ioctl,			\
		.caller = "__gup_test_ioctl(), mm/gup_test.c",	\
		.flags = FOLL_PIN | FOLL_WRITE | __VA_ARGS__,	\
		.scratch = SCRATCH_MEMORY,			\
		.one_iovec = true,				\
		.open = gup_test_open,				\
		.close = gup_test_close,			\
		.take = take_##name_,				\
	}

BENCHMARK_PINNER(benchmark, 0);
BENCHMARK_PINNER(benchmark_fast, GUP_FAST);
