// SPDX-License-Identifier: GPL-2.0
/*
 * process_vm_readv() and writev(), /proc/PID/mem, ptrace and move_pages() reach into a process from
 * outside: every mapping. And the gate page, which no vma of ours has and GUP knows all the same.
 */
#define _GNU_SOURCE
#include <sys/uio.h>

#define SUITE_PINNERS(PINNER) REMOTE_PINNERS(PINNER)
#include "lib/suite.h"

#define GATE_PAGE 0xffffffffff600000UL	/* VSYSCALL_ADDR, arch/x86 */

FIXTURE(gate_page)
{
	struct iovec page;
	char bytes[PAGE];
	bool readable;		/* vsyscall=emulate */
};

FIXTURE_SETUP(gate_page)
{
	char line[256];
	FILE *maps = fopen("/proc/self/maps", "re");

	self->page = (struct iovec){ (void *)GATE_PAGE, PAGE };
	while (maps && fgets(line, sizeof(line), maps))
		self->readable |= strstr(line, "[vsyscall]") && strstr(line, " r-xp ");
	if (maps)
		fclose(maps);
}

FIXTURE_TEARDOWN(gate_page) {}

/* mm/gup.c, get_gate_page(). Without emulation there is nothing to read. */
TEST_F(gate_page, is_read_as_the_cpu_reads_it)
{
	const struct iovec local = { self->bytes, PAGE };
	ssize_t got = process_vm_readv(getpid(), &local, 1, &self->page, 1, 0);

	EXPECT_EQ(self->readable ? (ssize_t)PAGE : -1, got);
	if (!self->readable)
		SKIP(return, "nothing to compare: boot with vsyscall=emulate");
	EXPECT_EQ(0, memcmp(self->bytes, (void *)GATE_PAGE, PAGE));
}

TEST_F(gate_page, cannot_be_written)
{
	const struct iovec local = { self->bytes, PAGE };

	EXPECT_EQ(-1, process_vm_writev(getpid(), &local, 1, &self->page, 1, 0));
	EXPECT_EQ(EFAULT, errno);
}

/* Who takes addresses by access_ok(), as an iovec's are, has none for the kernel's half. */
TEST_F(gate_page, is_no_buffer)
{
	struct pinner pinner;

	if (pinner_open(&pinner, &pinner_register_buffers))
		SKIP(return, "%s", pinner.why);
	EXPECT_EQ(-EFAULT, pinner.ops->take(&pinner, &self->page, 1));
	pinner_close(&pinner);
	EXPECT_EQ(0, pinner_open(&pinner, &pinner_direct));
	EXPECT_EQ(-EFAULT, pinner.ops->io(&pinner, TO_FILE, &self->page, 1, pinner.scratch->out_start));
	pinner_close(&pinner);
}

SUITE_MAIN
