// SPDX-License-Identifier: GPL-2.0
/*
 * A process that holds pages and ends without giving them back leaves nothing pinned: it exits,
 * runs another program, or is killed.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define SUITE_USES(PINNER) PROCESS_PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/holding.h"

#define SALT_ENDING 71

enum ending { EXITS, EXECS, IS_KILLED };

/* What a child says before it ends. */
enum said { HOLDS = 'h', REFUSED = 'r', NO_MEMORY = 'm', LOST = 'l' };

FIXTURE(holder)
{
	struct holding holding;
};

FIXTURE_VARIANT(holder)
{
	enum ending ending;
};

FIXTURE_VARIANT_ADD(holder, exits) { EXITS };
FIXTURE_VARIANT_ADD(holder, runs_another_program) { EXECS };
FIXTURE_VARIANT_ADD(holder, is_killed) { IS_KILLED };

FIXTURE_SETUP(holder) {}

FIXTURE_TEARDOWN(holder) {}

static enum said hold(struct holding *h)
{
	if (!holding_place(h, SALT_ENDING))
		return NO_MEMORY;
	return holding_pin(h) ? HOLDS : REFUSED;
}

/* Holds pages, says so, and never returns. */
static void hold_and_end(struct holding *h, enum ending how, int tell)
{
	char said;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	said = hold(h);
	if (write(tell, &said, 1) != 1)
		_exit(1);
	while (how == IS_KILLED)
		pause();
	if (how == EXITS)
		_exit(0);
	execlp("true", "true", NULL);
	_exit(127);
}

/* Did the child end as it should? */
static bool ended_well(pid_t child, enum ending how)
{
	int status = -1;

	if (waitpid(child, &status, 0) != child)
		return false;
	return how == IS_KILLED ? WIFSIGNALED(status) : !status;
}

/* What the child said, which has ended. */
static enum said see_child_end(struct holding *h, enum ending how)
{
	char said = LOST;
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC))
		return LOST;
	child = fork();
	if (!child)
		hold_and_end(h, how, ends[1]);
	close(ends[1]);
	if (child > 0 && read(ends[0], &said, 1) != 1)
		said = LOST;
	close(ends[0]);
	if (child > 0 && how == IS_KILLED)
		kill(child, SIGKILL);
	return child > 0 && ended_well(child, how) ? said : LOST;
}

static void try_ending(struct holding *h, void *arg)
{
	switch (see_child_end(h, *(const enum ending *)arg)) {
	case HOLDS:
		return;
	case NO_MEMORY:
		holding_miss(h, "no memory for it");
		return;
	case REFUSED:
		holding_fail(h, "it cannot be pinned");
		return;
	case LOST:
		holding_fail(h, "the child did not end as it should (is there a true in PATH?)");
	}
}

#define PINNER(name)							\
TEST_F(holder, name)							\
{									\
	struct holding *h = &self->holding;				\
	enum ending how = variant->ending;				\
									\
	if (!holding_prepare(h, &mapping_anon, &pinner_##name))		\
		SUITE_SKIP("%s", h->why);				\
	holding_try(h, try_ending, &how);				\
	/* It removes the device of a process that has ended. */	\
	if (!pinner_open(&h->pinner, h->ops))				\
		pinner_close(&h->pinner);				\
	HOLDING_JUDGE(h);						\
}
PROCESS_PINNERS(PINNER)
#undef PINNER

SUITE_MAIN
