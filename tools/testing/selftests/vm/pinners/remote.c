// SPDX-License-Identifier: GPL-2.0
/*
 * Access to the memory of a process from outside. process_vm_readv() and process_vm_writev() pin 16
 * pages or more at a time. /proc/PID/mem takes one page at a time, overrides the access rights
 * (FOLL_FORCE) and uses vm_ops->access when there is no struct page. The process is the test itself
 * or a child.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "access_remote_vm.h"

static ssize_t process_copy(pid_t pid, enum direction dir, const struct iovec *iov, int n,
			    char *bounce)
{
	const struct iovec local = { bounce, pinner_length(iov, n) };
	ssize_t got = dir == TO_FILE ? process_vm_readv(pid, &local, 1, iov, n, 0) :
				       process_vm_writev(pid, &local, 1, iov, n, 0);

	return got < 0 ? -errno : got;
}

static ssize_t process_vm_copy(struct pinner *p __maybe_unused, enum direction dir,
			       const struct iovec *iov, int n, char *bounce)
{
	return process_copy(getpid(), dir, iov, n, bounce);
}

static ssize_t process_vm_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			     off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, process_vm_copy);
}

/* The child has the vmas that fork() copies. The child waits until it is killed. */
static ssize_t child_copy(struct pinner *p __maybe_unused, enum direction dir,
			  const struct iovec *iov, int n, char *bounce)
{
	pid_t child = fork();
	ssize_t got;

	if (child < 0)
		return -errno;
	if (!child) {
		/* The child dies with the test. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
		_exit(0);
	}
	got = process_copy(child, dir, iov, n, bounce);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return got;
}

static ssize_t process_vm_child_io(struct pinner *p, enum direction dir, const struct iovec *iov,
				   int n, off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, child_copy);
}

static int proc_mem_open(struct pinner *p)
{
	int fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	p->state = (void *)(intptr_t)fd;
	return fd < 0 ? pinner_skip(p, "/proc/self/mem cannot be opened: mount /proc") : 0;
}

static void proc_mem_close(struct pinner *p)
{
	close((intptr_t)p->state);
}

static ssize_t proc_mem_copy(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			     char *bounce)
{
	int fd = (intptr_t)p->state, i;
	ssize_t got, done = 0;

	for (i = 0; i < n; i++) {
		got = dir == TO_FILE ?
		      pread(fd, bounce + done, iov[i].iov_len, (uintptr_t)iov[i].iov_base) :
		      pwrite(fd, bounce + done, iov[i].iov_len, (uintptr_t)iov[i].iov_base);
		if (got < 0)
			return done ? done : -errno;
		done += got;
		if ((size_t)got < iov[i].iov_len)
			break;
	}
	return done;
}

static ssize_t proc_mem_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			   off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, proc_mem_copy);
}

/* The errno of a refusal is EFAULT, not GUP's. */
static struct verdict process_vm_rw_single_vec(const struct call *c)
{
	return verdict_errno(short_count(c), EFAULT);
}

const struct pinner_ops pinner_process_vm = {
	.name = "process_vm",
	.rule = process_vm_rw_single_vec,
	.caller = "process_vm_rw_single_vec(), mm/process_vm_access.c",
	.flags = FOLL_PIN,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.io = process_vm_io,
};

const struct pinner_ops pinner_process_vm_child = {
	.name = "process_vm_child",
	.rule = process_vm_rw_single_vec,
	.caller = "process_vm_rw_single_vec(), mm/process_vm_access.c",
	.flags = FOLL_PIN,
	.in_child = true,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.io = process_vm_child_io,
};

static struct verdict mem_rw(const struct call *c)
{
	struct call access = *c;

	if (kernel_has(PROC_MEM_FORCE_PTRACE))
		access.flags &= ~FOLL_FORCE;
	return access_remote_vm(&access);
}

const struct pinner_ops pinner_proc_mem = {
	.name = "proc_mem",
	.rule = mem_rw,
	.caller = "mem_rw(), fs/proc/base.c",
	.flags = FOLL_GET | FOLL_FORCE,
	.defects = access_remote_vm_defects,
	.cpu_copies = true,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.open = proc_mem_open,
	.close = proc_mem_close,
	.io = proc_mem_io,
};
