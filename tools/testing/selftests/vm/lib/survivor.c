// SPDX-License-Identifier: GPL-2.0
/* A process that outlives this one; see survivor.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "survivor.h"

/* Neither Ctrl-C nor the end of the harness reaches it. */
static void wait_and_undo(const int pipe[2], void (*undo)(void))
{
	char none;

	prctl(PR_SET_PDEATHSIG, 0);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	setsid();
	/* A reader of what the program prints must see its end. */
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	close(pipe[1]);
	while (read(pipe[0], &none, 1) < 0 && errno == EINTR)
		;
	undo();
	_exit(0);
}

pid_t survivor_fork(void (*undo)(void), int *life)
{
	int pipe[2];
	pid_t survivor;

	if (pipe2(pipe, O_CLOEXEC))
		return -1;
	survivor = fork();
	if (!survivor)
		wait_and_undo(pipe, undo);
	close(pipe[0]);
	*life = pipe[1];
	return survivor;
}
