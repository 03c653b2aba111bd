/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every test program of the suite is made of: a test for each cell of SUITE_PINNERS, a test
 * that every mapping was seen, and a main() that knows --bdf and exits with 4 when everything was
 * skipped. A program defines SUITE_PINNERS before it includes this file and ends with SUITE_MAIN.
 * Without SUITE_PINNERS there are no cells. SUITE_USES are the pinners of a program's own tests:
 * the scratch files of all pinners are made once, before the first fork.
 */
#ifndef PFNMAP_SUITE_H
#define PFNMAP_SUITE_H

#define TH_LOG_STREAM stdout
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"	/* the harness's own */
#include "../../kselftest_harness.h"
#include <fcntl.h>
#include <time.h>
#pragma GCC diagnostic pop
#include <limits.h>
#include <pthread.h>
#include <sys/prctl.h>

#include "cell.h"
#include "compiler.h"
#include "pci.h"
#include "test_module.h"

/*
 * Labs take all words of a result's line for the test's name. So the reason of a skip has a line of
 * its own before, which the harness prints, and the result's line is the same in every run: the
 * test's name, which the harness of 6.9 and later prints, and an older one leaves to the reason.
 */
static void __maybe_unused suite_end_line(struct __test_metadata *t,
					  const void *variant __maybe_unused)
{
#ifdef XFAIL_ADD
	memcpy(t->results->reason, " ", sizeof(" "));
#else
	const struct __fixture_variant_metadata *v = t->fixture->variant;

	while (v && v->data != variant)
		v = v->next;
	snprintf(t->results->reason, sizeof(t->results->reason), "%s%s%s.%s", t->fixture->name,
		 v ? "." : "", v ? v->name : "", t->name);
#endif
}

#ifdef XFAIL_ADD
#define SUITE_FAILED !__test_passed(_metadata)
#else
#define SUITE_FAILED !_metadata->passed
#endif

/* Ends a test, which is skipped unless it has failed before. */
#define SUITE_SKIP(...) do {							\
	if (SUITE_FAILED)							\
		return;								\
	SKIP(suite_end_line(_metadata, variant); return, __VA_ARGS__);		\
} while (0)

/*
 * A test that has not failed otherwise is an expected failure. The harness of 6.9 and later counts
 * those apart; an older one can only skip them.
 */
#ifdef XFAIL_ADD
#define SUITE_XFAIL(reference) do {						\
	if (!SUITE_FAILED) {							\
		printf("#      XFAIL     %s\n", reference);			\
		suite_end_line(_metadata, variant);				\
		_metadata->exit_code = KSFT_XFAIL;				\
	}									\
} while (0)
#else
#define SUITE_XFAIL(reference) SUITE_SKIP("XFAIL %s", reference)
#endif

#ifdef SUITE_PINNERS

/* Inside a test: tries the cell and reports it. */
#define TRY_CELL(mapping, pinner) do {						\
	const char *why;							\
										\
	switch (cell_try(mapping, pinner, &why)) {				\
	case CELL_SKIP:								\
		SUITE_SKIP("%s", why);						\
	case CELL_FAIL:								\
		EXPECT_TRUE(false) TH_LOG("see the lines above");		\
		break;								\
	case CELL_XFAIL:							\
		SUITE_XFAIL(why);						\
		break;								\
	case CELL_PASS:								\
		break;								\
	}									\
} while (0)

/* A test is named cell.MAPPING.PINNER. */
FIXTURE(cell) {};

FIXTURE_VARIANT(cell)
{
	const struct mapping_ops *mapping;
};

FIXTURE_SETUP(cell) {}

FIXTURE_TEARDOWN(cell) {}

#define MAPPING(name) FIXTURE_VARIANT_ADD(cell, name) { .mapping = &mapping_##name };
MAPPINGS(MAPPING)
#undef MAPPING

#define PINNER(name) TEST_F(cell, name) { TRY_CELL(variant->mapping, &pinner_##name); }
SUITE_PINNERS(PINNER)
#undef PINNER

/* This test comes last: the tests of a fixture run in the order of their definition. */
#define SUITE_JUDGEMENT							\
	FIXTURE(verdicts) {};						\
	FIXTURE_SETUP(verdicts) {}					\
	FIXTURE_TEARDOWN(verdicts) {}					\
	TEST_F(verdicts, every_open_mapping_had_one)			\
	{								\
		unsigned int opened, unseen = suite_unseen(&opened);	\
									\
		if (!opened)						\
			SUITE_SKIP("no mapping could be opened");	\
		EXPECT_EQ(0u, unseen);					\
	}

/*
 * Counts the cells that opened their mapping, and the mappings that were open and showed nothing:
 * no refusal where the contract owes one, nothing taken where it owes no refusal.
 */
static unsigned int suite_unseen(unsigned int *opened)
{
	const struct cell_tally *t;
	unsigned int unseen = 0;
	size_t i;

	*opened = 0;
	for (i = 0; mappings[i]; i++) {
		t = cell_tally(i);
		*opened += t->opened;
		if (!t->opened)
			continue;
		printf("# %s: %u refused of %u, %u taken\n", mappings[i]->name, t->refused, t->owed,
		       t->taken);
		unseen += t->owed ? !t->refused : !t->taken;
	}
	return unseen;
}

#else
#define SUITE_PINNERS(...)
#define SUITE_JUDGEMENT
#endif

#ifndef SUITE_USES
#define SUITE_USES(...)
#endif

/* What a program makes before its tests, and keeps until it ends. */
#ifndef SUITE_PREPARE
#define SUITE_PREPARE()
#endif

#define SUITE_MAIN							\
	SUITE_JUDGEMENT							\
	int main(int argc, char **argv)					\
	{								\
		return suite_main(argc, argv);				\
	}

static bool suite_harness_returned;

/* The harness reports a pass when all tests were skipped, and when a filter left none. */
static void suite_correct_exit(void)
{
	if (suite_harness_returned)
		return;
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "the results could not be written: is the disk full?\n");
		_exit(KSFT_FAIL);
	}
	if (!ksft_test_num()) {
		fprintf(stderr, "no test matches: -l lists them\n");
		_exit(KSFT_FAIL);
	}
	if (ksft_cnt.ksft_xskip == ksft_test_num())
		_exit(KSFT_SKIP);
}

/*
 * How often a test that tries random things tries them within the harness's limit for a test. A
 * program with such tests defines it before it includes this file; the others have no rounds.
 */
#ifndef SUITE_ROUNDS
#define SUITE_ROUNDS UINT_MAX
#endif

static unsigned int __maybe_unused suite_seed, suite_rounds = SUITE_ROUNDS;

#define SUITE_OPTIONS "[--bdf 0000:01:00.0] [--seed N] [--rounds N]"

static int suite_usage(const char *program, const char *problem, const char *word,
		       const char *value)
{
	fprintf(stderr, "%s: %s: %s%s%s (after --: " SUITE_OPTIONS "; before it: -h)\n", program,
		problem, word, *value ? " " : "", value);
	return -1;
}

/* One option and its value; true when both are valid. */
static bool suite_option(const char *option, const char *value)
{
	char *end = NULL;

	if (!strcmp(option, "--bdf"))
		pci_named_bdf = value;
	else if (!strcmp(option, "--seed"))
		suite_seed = strtoul(value, &end, 0);
	else if (!strcmp(option, "--rounds"))
		suite_rounds = strtoul(value, &end, 0);
	else
		return false;
	return !end || (end != value && !*end && *value != '-' && suite_rounds);
}

/* A word that is no option and no value, which the harness would ignore; NULL without one. */
static const char *suite_stray_word(int argc, char **argv)
{
	const char *stray;

	opterr = 0;
	while (getopt(argc, argv, "dhlF:f:V:v:t:T:r:") != -1)
		;
	stray = optind < argc ? argv[optind] : NULL;
	opterr = optind = 1;
	return stray;
}

/* Takes the suite's options, which follow "--"; the harness takes those before it. */
static int suite_options(int *argc, char **argv)
{
	const char *stray;
	int i, own = *argc;

	pci_named_bdf = getenv("VFIO_SELFTESTS_BDF");
	if (pci_named_bdf && !pci_named_bdf[0])
		pci_named_bdf = NULL;
	suite_seed = time(NULL);
	for (i = 1; i < *argc && own == *argc; i++)
		if (!strcmp(argv[i], "--"))
			own = i;
	for (i = own + 1; i < *argc; i += 2) {
		if (i + 1 == *argc)
			return suite_usage(argv[0], "wants a value", argv[i], "");
		if (!suite_option(argv[i], argv[i + 1]))
			return suite_usage(argv[0], "unknown option or value", argv[i],
					   argv[i + 1]);
	}
	*argc = own;
	stray = suite_stray_word(own, argv);
	if (stray)
		return suite_usage(argv[0], "not an option", stray, "");
	if (pci_named_bdf && !pci_exists(pci_named_bdf))
		return suite_usage(argv[0], "no such PCI device", pci_named_bdf, "");
	return 0;
}

/*
 * Whoever asks for many rounds waits for them, but at most eleven days: the harness of 7.3 counts
 * in milliseconds.
 */
static void suite_wait_for_rounds(void)
{
	const uint64_t times = (0ULL + suite_rounds + SUITE_ROUNDS - 1) / SUITE_ROUNDS;
	const uint64_t longest = 1000000;
	struct __fixture_metadata *f;
	struct __test_metadata *t;

	for (f = __fixture_list; f; f = f->next)
		for (t = f->tests; t; t = t->next)
			t->timeout = t->timeout * times < longest ? t->timeout * times : longest;
}

static bool suite_has_option(int argc, char **argv, const char *option)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], option))
			return true;
	return false;
}

/*
 * The harness puts each test into a process group of its own, and runs a fixture's test in a child
 * of that: a Ctrl-C reaches neither. They end with the program.
 */
#define SUITE_HARNESS_FORKS 2

static pid_t suite_parent;

static void suite_note_parent(void)
{
	suite_parent = getpid();
}

static void suite_die_with_parent(void)
{
	static int generation;

	if (generation++ >= SUITE_HARNESS_FORKS)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != suite_parent)
		raise(SIGKILL);
}

/* Why no test can run here, or NULL. Rules and layouts are those of 64-bit kernels. */
static const char *suite_unfit(void)
{
	if (sizeof(long) < sizeof(uint64_t))
		return "a 32-bit program: build the suite for 64 bits";
	if (PAGE > MAX_PAGE)
		return "the kernel has larger pages than the suite is for: 16 KiB at most";
	return NULL;
}

/* The harness of 6.1 knows no options and would run everything, whatever it is asked. */
#ifndef HARNESS_HAS_OPTIONS
#define HARNESS_HAS_OPTIONS 1
#endif

static bool suite_cannot_ask(int argc)
{
	if (argc < 2 || HARNESS_HAS_OPTIONS)
		return false;
	printf("Bail out! the kselftest harness of this build has no options: take that of a kernel since 6.2\n");
	return true;
}

/* Without stdout the first file that a test makes would get the results. */
static bool suite_has_no_stdout(const char *program)
{
	if (fcntl(STDOUT_FILENO, F_GETFD) >= 0)
		return false;
	fprintf(stderr, "%s: stdout is closed: the results have nowhere to go\n", program);
	return true;
}

static int suite_main(int argc, char **argv)
{
	static const struct pinner_ops *const pinners[] = {
#define PINNER(name) &pinner_##name,
		SUITE_PINNERS(PINNER)
		SUITE_USES(PINNER)
#undef PINNER
		NULL
	};
	const char *unread, *unfit = suite_unfit();
	bool asks = suite_has_option(argc, argv, "-h") || suite_has_option(argc, argv, "-l");
	int err;

	/* Line by line, in every harness: all output before a kernel dies must be out. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (suite_has_no_stdout(argv[0]) || suite_options(&argc, argv) || suite_cannot_ask(argc))
		return KSFT_FAIL;
	if (unfit && !asks) {
		printf("TAP version 13\n1..0 # SKIP %s\n", unfit);
		return KSFT_SKIP;
	}
	unread = kernel_learn();
	if (unread) {
		fprintf(stderr, "PFNMAP_KERNEL_HAS: %s is not NAME=0 or NAME=1, with a name of contract/kernel.h\n",
			unread);
		return KSFT_FAIL;
	}
	if (suite_has_option(argc, argv, "-h"))
		fprintf(stderr, "%s [harness options] [-- " SUITE_OPTIONS "]\n", argv[0]);
	if (!asks) {
		test_module_prepare();
		SUITE_PREPARE();
	}
	err = cell_prepare(pinners);
	if (err) {
		fprintf(stderr, "%s: no memory to test with: %s\n", argv[0], strerror(-err));
		return KSFT_FAIL;
	}
	suite_wait_for_rounds();
	atexit(suite_correct_exit);
	pthread_atfork(suite_note_parent, NULL, suite_die_with_parent);
	err = test_harness_run(argc, argv);
	suite_harness_returned = true;
	return err;
}

#endif
