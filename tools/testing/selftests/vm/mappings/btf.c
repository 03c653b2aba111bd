// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/btf/vmlinux: the types of the running kernel, in the kernel image. Its mmap is
 * remap_pfn_range() since 6.16 (a539e2a6d51d), for every user: VM_PFNMAP memory where vvar is none
 * any more. The vma is private and cannot be made writable.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mapping.h"

#define FILE_NAME "/sys/kernel/btf/vmlinux"
#define FEW 8		/* pages; more than any buffer takes of a run that can be split */

static int btf_place(struct mapping *m, void *addr, size_t pages)
{
	if (mmap(addr, pages * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, m->fd, 0) == MAP_FAILED)
		return -errno;
	return 0;
}

static int btf_open(struct mapping *m)
{
	void *home;

	m->fd = open(FILE_NAME, O_RDONLY | O_CLOEXEC);
	if (m->fd < 0)
		return mapping_skip(m, FILE_NAME ": %s (CONFIG_DEBUG_INFO_BTF)", strerror(errno));
	home = mmap(NULL, FEW * PAGE, PROT_READ, MAP_PRIVATE, m->fd, 0);
	if (home == MAP_FAILED)
		return mapping_skip(m, FILE_NAME " cannot be mapped: %s%s", strerror(errno),
				    errno == ENODEV ? " (needs 6.16)" : "");
	munmap(home, FEW * PAGE);
	m->pages = FEW;
	m->access = MAPPING_READ | MAPPING_STABLE | MAPPING_KEEPS;
	m->promised = MAPPING_REMAPPED;
	m->props.special = m->props.reserved = m->props.file = true;
	m->props.write_faults = 0;
	return 0;
}

const struct mapping_ops mapping_btf = {
	.name = "btf",
	.what = "the kernel's BTF, /sys/kernel/btf/vmlinux",
	.open = btf_open,
	.place = btf_place,
	.peek = mapping_peek_file,
};
