// SPDX-License-Identifier: GPL-2.0
/* A process that may not lock as much memory as it likes; see limited.h. */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "limited.h"
#include "pattern.h"

static bool give_up_ipc_lock(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data))
		return false;
	data[0].permitted &= ~(1U << CAP_IPC_LOCK);
	data[0].effective = data[0].permitted;
	data[1].effective = data[1].permitted;
	return !syscall(SYS_capset, &header, data);
}

bool limited_become_user(size_t pages)
{
	const struct rlimit limit = { pages * PAGE, pages * PAGE };
	uid_t uid = 200000 + getpid();

	return !setrlimit(RLIMIT_MEMLOCK, &limit) && !prctl(PR_SET_KEEPCAPS, 1) &&
	       !setresuid(uid, uid, uid) && give_up_ipc_lock();
}

static struct rlimit limit_before;

bool limited_raise(char *why, size_t size)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

	getrlimit(RLIMIT_MEMLOCK, &limit_before);
	if (geteuid() || !setrlimit(RLIMIT_MEMLOCK, &unlimited))
		return true;
	snprintf(why, size, "RLIMIT_MEMLOCK cannot be raised: ulimit -l unlimited");
	return false;
}

void limited_restore(void)
{
	setrlimit(RLIMIT_MEMLOCK, &limit_before);
}
