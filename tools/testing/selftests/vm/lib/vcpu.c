// SPDX-License-Identifier: GPL-2.0
/* A vCPU of KVM that copies words; see vcpu.h. */
#include <errno.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "compiler.h"
#include "vcpu.h"

#ifdef __x86_64__

bool vcpu_known(void)
{
	return true;
}

void vcpu_put_program(void *at)
{
	/* movsd; loop; hlt. KVM could resume an aborted rep movsd in the next run. */
	static const char program[] = "\xa5\xe2\xfd\xf4";

	memcpy(at, program, sizeof(program));
}

/* 32-bit mode without paging. */
int vcpu_set_mode(int cpu)
{
	struct kvm_segment flat = {
		.limit = 0xffffffff, .present = 1, .db = 1, .s = 1, .g = 1, .type = 3,
	};
	struct kvm_sregs sregs;

	if (ioctl(cpu, KVM_GET_SREGS, &sregs))
		return -errno;
	sregs.ds = sregs.es = sregs.ss = flat;
	flat.type = 11;
	sregs.cs = flat;
	sregs.cr0 |= 1;
	return ioctl(cpu, KVM_SET_SREGS, &sregs) ? -errno : 0;
}

int vcpu_prepare_copy(int cpu, uint64_t from, uint64_t to, size_t len)
{
	const struct kvm_regs regs = {
		.rflags = 2, .rsi = from, .rdi = to, .rcx = len / VCPU_WORD,
	};

	return ioctl(cpu, KVM_SET_REGS, &regs) ? -errno : 0;
}

ssize_t vcpu_left(int cpu)
{
	struct kvm_regs regs;

	return ioctl(cpu, KVM_GET_REGS, &regs) ? -errno : (ssize_t)(regs.rcx * VCPU_WORD);
}

#else

bool vcpu_known(void)
{
	return false;
}

void vcpu_put_program(void *at __maybe_unused) {}

int vcpu_set_mode(int cpu __maybe_unused)
{
	return -EOPNOTSUPP;
}

int vcpu_prepare_copy(int cpu __maybe_unused, uint64_t from __maybe_unused,
		      uint64_t to __maybe_unused, size_t len __maybe_unused)
{
	return -EOPNOTSUPP;
}

ssize_t vcpu_left(int cpu __maybe_unused)
{
	return -EOPNOTSUPP;
}

#endif

bool vcpu_by_hardware(void)
{
	static char flags[8192];
	FILE *info = fopen("/proc/cpuinfo", "re");
	bool found = false;

	while (info && !found && fgets(flags, sizeof(flags), info))
		found = strstr(flags, " vmx ") || strstr(flags, " svm ");
	if (info)
		fclose(info);
	return found;
}
