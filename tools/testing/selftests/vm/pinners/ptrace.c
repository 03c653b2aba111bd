// SPDX-License-Identifier: GPL-2.0
/*
 * A debugger's access to a process: PTRACE_PEEKDATA and POKEDATA, a word at a time, with
 * FOLL_FORCE, and by vm_ops->access where there is no page. The tracee shares our memory.
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
#define FEW_PAGES 4	/* one system call a word is slow */

static pid_t tracee;

/* Waits to be killed, and dies with its parent. */
static int wait_for_end(void *none __maybe_unused)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	raise(SIGSTOP);
	return 0;
}

static int ptrace_open(struct pinner *p)
{
	static char stack[STACK] __aligned(16);
	int status;

	/* Not a thread: a process may not trace its own threads. */
	tracee = clone(wait_for_end, stack + STACK, CLONE_VM | SIGCHLD, NULL);
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

/* One word at @word of the tracee. 0 or -errno. */
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
	.max_pages = FEW_PAGES,
	.open = ptrace_open,
	.close = ptrace_close,
	.io = ptrace_io,
};
