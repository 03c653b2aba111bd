// SPDX-License-Identifier: GPL-2.0
/*
 * [vvar]: the kernel's clock data, VM_PFNMAP in every process on x86, and ordinary pages of a
 * VM_MIXEDMAP vma since 7.2. And beside it [vdso], whose code is pages of the kernel image, which
 * can be pinned. Both vmas can be moved but not split (special_mapping_split()), and while one is
 * moved the vdso must not be called.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mapping.h"

static int special_open(struct mapping *m, const char *name)
{
	unsigned long start, end;
	char line[256];
	FILE *maps;

	maps = fopen("/proc/self/maps", "re");
	if (!maps)
		return mapping_skip(m, "/proc/self/maps: %s; mount /proc", strerror(errno));
	while (!m->home && fgets(line, sizeof(line), maps)) {
		if (strstr(line, name) && sscanf(line, "%lx-%lx", &start, &end) == 2) {
			m->home = (void *)start;
			m->pages = m->granule = (end - start) / PAGE;
		}
	}
	fclose(maps);
	if (!m->home)
		return mapping_skip(m, "no %s in /proc/self/maps: boot with vdso=1", name);
	return 0;
}

/* Can a CPU read the page? The system call takes what would be a SIGBUS. */
static bool is_readable(const char *page)
{
	int ends[2];
	bool read;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	read = write(ends[1], page, 1) == 1;
	close(ends[0]);
	close(ends[1]);
	return read;
}

/*
 * Up to 7.1 the vma is VM_PFNMAP, its pages are of the kernel image, PageReserved, and the later
 * ones are for paravirtual clocks and time namespaces and may be SIGBUS. Since 7.2 all are ordinary
 * pages without a mapping.
 */
static int vvar_open(struct mapping *m)
{
	m->access = MAPPING_READ;
	m->props.always_dumped = true;
	if (special_open(m, "[vvar]"))
		return -1;
	m->props.reserved = mapping_vma_has_flag(m->home, "pf");
	m->props.no_mapping = !m->props.reserved;
	/* VM_IO is there on x86, and up to 7.2; arm64 before 6.13 has no VM_DONTDUMP, either. */
	m->promised = VM_DONTEXPAND | (m->props.no_mapping ? VM_MIXEDMAP : VM_PFNMAP);
	m->unpromised = VM_IO | VM_DONTDUMP;
	m->props.cpu_pages = 1;
	while (m->props.no_mapping && m->props.cpu_pages < m->pages &&
	       is_readable((char *)m->home + m->props.cpu_pages * PAGE))
		m->props.cpu_pages++;
	if (m->props.no_mapping)
		m->props.fault_pages = m->props.cpu_pages;
	return 0;
}

static int vdso_open(struct mapping *m)
{
	m->access = MAPPING_READ | MAPPING_STABLE | MAPPING_KEEPS;
	m->promised = VM_DONTEXPAND;
	m->props.no_mapping = m->props.private_reserved = m->props.always_dumped = true;
	return special_open(m, "[vdso]");
}

static int special_place(struct mapping *m, void *addr, size_t pages)
{
	int err = mapping_move(m->home, addr, pages);

	if (err == -EPERM)
		mapping_skip(m, "it is sealed: needs CONFIG_MSEAL_SYSTEM_MAPPINGS=n");
	return err;
}

/*
 * vvar_fault() refuses FAULT_FLAG_REMOTE where the pages are ordinary ones, so that GUP from
 * another process depends on who touched the page before: always this process.
 */
static int vvar_place(struct mapping *m, void *addr, size_t pages)
{
	int err = special_place(m, addr, pages);
	size_t i;

	for (i = 0; !err && m->props.no_mapping && i < m->props.cpu_pages && i < pages; i++)
		is_readable((char *)addr + i * PAGE);
	return err;
}

static void special_unplace(struct mapping *m, void *addr, size_t pages)
{
	mapping_move(addr, m->home, pages);
}

/* Drops the copies that FOLL_FORCE writes or long-term pins made. */
static void vdso_unplace(struct mapping *m, void *addr, size_t pages)
{
	madvise(addr, pages * PAGE, MADV_DONTNEED);
	special_unplace(m, addr, pages);
}

const struct mapping_ops mapping_vvar = {
	.name = "vvar",
	.what = "[vvar], the kernel's clock data",
	.open = vvar_open,
	.place = vvar_place,
	.unplace = special_unplace,
};

const struct mapping_ops mapping_vdso = {
	.name = "vdso",
	.what = "[vdso], code of the kernel image",
	.control = true,
	.open = vdso_open,
	.place = special_place,
	.unplace = vdso_unplace,
};
