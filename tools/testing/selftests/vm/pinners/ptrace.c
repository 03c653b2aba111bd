// SPDX-License-Identifier: GPL-2.0
/*
 * PTRACE_PEEKDATA and PTRACE_POKEDATA access one word of a process per call. They override the
 * access rights (FOLL_FORCE) and use vm_ops->access when there is no struct page. The tracee shares
 * the memory of the test.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "access_remote_vm.h"

#define STACK 65536
#define MAX_PAGES 4	/* a system call per word is slow */

static pid_t tracee;

/* Stops until it is killed; dies with the test. */
static int tracee_main(void *unused __maybe_unused)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	raise(SIGSTOP);
	return 0;
}

static int ptrace_open(struct pinner *p)
{
	static char stack[STACK] __aligned(16);
	int status;

	/* A process may not trace its own threads. */
	tracee = clone(tracee_main, stack + STACK, CLONE_VM | SIGCHLD, NULL);
	if (tracee < 0)
		return pinner_skip(p, "no process to trace: %s", strerror(errno));
	if (waitpid(tracee, &status, WUNTRACED) == tracee && WIFSTOPPED(status) &&
	    !ptrace(PTRACE_ATTACH, tracee, NULL, NULL) &&
	    waitpid(tracee, &status, 0) == tracee && WIFSTOPPED(status))
		return 0;
	kill(tracee, SIGKILL);
	waitpid(tracee, NULL, 0);
	return pinner_skip(p, "PTRACE_ATTACH: %s (sysctl kernel.yama.ptrace_scope=1)",
			   strerror(errno));
}

static void ptrace_close(struct pinner *p __maybe_unused)
{
	kill(tracee, SIGKILL);
	waitpid(tracee, NULL, 0);
}

/* Reads or writes one word at @word of the tracee. 0 or -errno. */
static int move_word(enum direction dir, char *word, char *bounce)
{
	long value;

	if (dir == FROM_FILE) {
		memcpy(&value, bounce, sizeof(value));
		return ptrace(PTRACE_POKEDATA, tracee, word, value) ? -errno : 0;
	}
	errno = 0;
	value = ptrace(PTRACE_PEEKDATA, tracee, word, NULL);
	memcpy(bounce, &value, sizeof(value));
	return -errno;
}

static ssize_t ptrace_copy(struct pinner *p __maybe_unused, enum direction dir,
			   const struct iovec *iov, int n, char *bounce)
{
	ssize_t done = 0;
	size_t at;
	int i, err;

	for (i = 0; i < n; i++) {
		for (at = 0; at < iov[i].iov_len; at += sizeof(long)) {
			err = move_word(dir, (char *)iov[i].iov_base + at, bounce + done);
			if (err)
				return done ? done : err;
			done += sizeof(long);
		}
	}
	return done;
}

static ssize_t ptrace_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			 off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, ptrace_copy);
}

const struct pinner_ops pinner_ptrace = {
	.name = "ptrace",
	.rule = access_remote_vm,
	.caller = "generic_ptrace_peekdata(), kernel/ptrace.c",
	.flags = FOLL_GET | FOLL_FORCE,
	.defects = access_remote_vm_defects,
	.cpu_copies = true,
	.scratch = SCRATCH_MEMORY,
	.align = sizeof(long),
	.max_pages = MAX_PAGES,
	.open = ptrace_open,
	.close = ptrace_close,
	.io = ptrace_io,
};
