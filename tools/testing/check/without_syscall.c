// SPDX-License-Identifier: GPL-2.0
/*
 * Runs a program as if the kernel did not know a system call: it gets ENOSYS.
 *
 * usage: without_syscall NAME PROGRAM [ARGUMENT]...
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../selftests/vm/lib/compiler.h"

static const struct {
	const char *name;
	unsigned int nr;
} calls[] = {
	{ "io_setup", SYS_io_setup },
	{ "io_uring_setup", SYS_io_uring_setup },
	{ "memfd_secret", SYS_memfd_secret },
	{ "perf_event_open", SYS_perf_event_open },
};

static int deny(unsigned int nr)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
		.len = ARRAY_SIZE(filter),
		.filter = filter,
	};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc > 2 && i < ARRAY_SIZE(calls); i++) {
		if (strcmp(calls[i].name, argv[1]))
			continue;
		if (!deny(calls[i].nr))
			execv(argv[2], argv + 2);
		fprintf(stderr, "%s: %s: %s\n", argv[0], argv[2], strerror(errno));
		return 2;
	}
	fprintf(stderr, "%s: want a system call that it knows, and a program\n", argv[0]);
	return 2;
}
