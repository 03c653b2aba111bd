// SPDX-License-Identifier: GPL-2.0
/*
 * A core dump: the kernel takes each page of a dying child by GUP (get_dump_page(), FOLL_DUMP and
 * FOLL_FORCE) and writes the page to a file. A refused page becomes a hole in the file.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/attribute.h"
#include "pinner.h"
#include "../lib/temporary.h"

#define CORE_NAME "core"
#define MAX_SEGMENTS 1024
#define FILTER_ALL "0x1ff"		/* core(5): dump every kind of mapping */

/* True when the file @path has the line @value. */
static bool file_has(const char *path, const char *value)
{
	char text[256];

	return attribute_line(path, text, sizeof(text)) && !strcmp(text, value);
}

static int core_dump_open(struct pinner *p)
{
	int err = temporary_room(LAYOUT_PAGES * PAGE);
	struct rlimit limit;

	if (err)
		return pinner_skip(p, "no core can be written: %s: set TMPDIR", strerror(-err));
	if (access("/proc/sys/kernel/core_pattern", F_OK))
		return pinner_skip(p, "no core dumps (CONFIG_COREDUMP), or no /proc");
	if (!file_has("/proc/sys/kernel/core_pattern", CORE_NAME) ||
	    !file_has("/proc/sys/kernel/core_uses_pid", "0"))
		return pinner_skip(p, "cores are not written to the working directory: "
				   "sysctl kernel.core_pattern=" CORE_NAME
				   " kernel.core_uses_pid=0");
	if (getrlimit(RLIMIT_CORE, &limit) || limit.rlim_max != RLIM_INFINITY)
		return pinner_skip(p, "the size of cores is limited: ulimit -H -c unlimited");
	return 0;
}

/* In the child: dies and dumps a core to @dir. The core has the memory of @iov and little more. */
static void dump_core(const char *dir, const struct iovec *iov, int n)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	uintptr_t start = (uintptr_t)iov[0].iov_base / PAGE * PAGE;
	uintptr_t end = (uintptr_t)iov[n - 1].iov_base + iov[n - 1].iov_len;

	end = (end + PAGE - 1) / PAGE * PAGE;
	if (chdir(dir) || setrlimit(RLIMIT_CORE, &unlimited) || prctl(PR_SET_DUMPABLE, 1) ||
	    !attribute_write("/proc/self/coredump_filter", FILTER_ALL))
		_exit(1);
	/*
	 * madvise() skips holes and returns ENOMEM for them; the vmas are marked. A range to the
	 * very end of the addresses wraps, which is EINVAL.
	 */
	madvise(NULL, start, MADV_DONTDUMP);
	madvise((void *)end, -PAGE - end, MADV_DONTDUMP);
	signal(SIGQUIT, SIG_DFL);
	raise(SIGQUIT);
	_exit(1);
}

/* Returns a file descriptor of the core, whose file is unlinked, or -errno. */
static int make_core(const struct iovec *iov, int n)
{
	char name[32], dir[4096], core[sizeof(dir) + sizeof(CORE_NAME) + 1];
	pid_t child;
	int fd;

	/* mkdtemp() calls the vdso for the time, but the vdso may be the mapping under test. */
	snprintf(name, sizeof(name), "pfnmap-core-%d", getpid());
	temporary_path(dir, sizeof(dir), name);
	if (mkdir(dir, 0700))
		return -errno;
	child = fork();
	if (!child)
		dump_core(dir, iov, n);
	if (child > 0)
		waitpid(child, NULL, 0);
	snprintf(core, sizeof(core), "%s/" CORE_NAME, dir);
	fd = child < 0 ? -errno : open(core, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		fd = -errno;
	unlink(core);
	rmdir(dir);
	return fd;
}

/* Reads the program headers of the core into @segments. Returns their number, or -1. */
static int read_segments(int core, Elf64_Phdr *segments)
{
	ssize_t size;
	Elf64_Ehdr h;

	if (pread(core, &h, sizeof(h), 0) != sizeof(h) || memcmp(h.e_ident, ELFMAG, SELFMAG) ||
	    h.e_phnum > MAX_SEGMENTS)
		return -1;
	size = h.e_phnum * sizeof(*segments);
	return pread(core, segments, size, h.e_phoff) == size ? h.e_phnum : -1;
}

/* True when the core has all segments in full: a refused page must not end the dump. */
static bool is_complete(int core, const Elf64_Phdr *segments, int n)
{
	off_t end = lseek(core, 0, SEEK_END);
	int i;

	for (i = 0; i < n; i++)
		if (segments[i].p_offset + segments[i].p_filesz > (Elf64_Off)end)
			return false;
	return true;
}

/* The file offset in the core of the byte at @addr, or -1. */
static off_t core_offset(const Elf64_Phdr *segments, int n, uintptr_t addr)
{
	int i;

	for (i = 0; i < n; i++)
		if (segments[i].p_type == PT_LOAD && addr >= segments[i].p_vaddr &&
		    addr - segments[i].p_vaddr < segments[i].p_filesz)
			return segments[i].p_offset + (addr - segments[i].p_vaddr);
	return -1;
}

/* Reads @len bytes of one page at offset @at of the core. False when the page is a hole. */
static bool read_core(int core, off_t at, size_t len, char *to)
{
	return at >= 0 && lseek(core, at, SEEK_DATA) == at &&
	       pread(core, to, len, at) == (ssize_t)len;
}

/* Copies the iovecs up to the first page that is missing. */
static ssize_t copy_iovecs(int core, const struct iovec *iov, int n, char *to)
{
	static Elf64_Phdr segments[MAX_SEGMENTS];
	int count = read_segments(core, segments), i;
	ssize_t done = 0;
	uintptr_t addr;
	size_t left, len;

	if (count < 0 || !is_complete(core, segments, count))
		return -EIO;
	for (i = 0; i < n; i++) {
		addr = (uintptr_t)iov[i].iov_base;
		for (left = iov[i].iov_len; left; left -= len, addr += len, done += len) {
			len = PAGE - addr % PAGE;
			if (len > left)
				len = left;
			if (!read_core(core, core_offset(segments, count, addr), len, to + done))
				return done ? done : -EFAULT;
		}
	}
	return done;
}

static ssize_t core_dump_copy(struct pinner *p __maybe_unused, enum direction dir __maybe_unused,
			      const struct iovec *iov, int n, char *bounce)
{
	int core = make_core(iov, n);
	ssize_t got;

	if (core < 0)
		return core;
	got = copy_iovecs(core, iov, n, bounce);
	close(core);
	return got;
}

static ssize_t core_dump_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			    off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, core_dump_copy);
}

static const struct outcome not_dumped = {
	.err = EFAULT, .step = VMA_FLAGS,
	.reason = "the vma is VM_DONTDUMP", .function = "vma_dump_size(), fs/coredump.c",
};

static struct outcome get_dump_page(const struct call *c, unsigned int i)
{
	struct user_page page = call_page(c, i);

	if ((page.vm_flags & VM_DONTDUMP) && !c->mapping->always_dumped)
		return not_dumped;
	return call_gup(c, i);
}

/* A refused page is a hole in the core, its errno is lost. */
static struct verdict dump_user_range(const struct call *c)
{
	return verdict_errno(short_count_of(c, get_dump_page), EFAULT);
}

const struct pinner_ops pinner_core_dump = {
	.name = "core_dump",
	.rule = dump_user_range,
	.caller = "dump_user_range(), fs/coredump.c",
	.flags = FOLL_GET | FOLL_FORCE | FOLL_DUMP,
	.in_child = true,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_pages = 4,
	.one_way = true,
	.open = core_dump_open,
	.io = core_dump_io,
};
