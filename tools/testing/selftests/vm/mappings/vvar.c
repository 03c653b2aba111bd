// SPDX-License-Identifier: GPL-2.0
/*
 * [vvar]: the kernel's clock data, VM_PFNMAP in every process on x86 (up to 6.18 at least). And
 * beside it [vdso], whose code is pages of the kernel image, which can be pinned. Both vmas can be
 * moved but not split (special_mapping_split()), and while one is moved the vdso must not be
 * called.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

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

static int vvar_open(struct mapping *m)
{
	m->access = MAPPING_READ;
	/* The later pages are for paravirtual clocks and time namespaces and may be SIGBUS. */
	m->props.cpu_pages = 1;
	/* In the kernel image, which is PageReserved. */
	m->props.reserved = true;
	return special_open(m, "[vvar]");
}

static int vdso_open(struct mapping *m)
{
	m->access = MAPPING_READ | MAPPING_STABLE | MAPPING_KEEPS;
	m->props.no_mapping = m->props.private_reserved = true;
	return special_open(m, "[vdso]");
}

static int special_place(struct mapping *m, void *addr, size_t pages)
{
	int err = mapping_move(m->home, addr, pages);

	if (err == -EPERM)
		mapping_skip(m, "it is sealed: needs CONFIG_MSEAL_SYSTEM_MAPPINGS=n");
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
	.open = vvar_open,
	.place = special_place,
	.unplace = special_unplace,
};

const struct mapping_ops mapping_vdso = {
	.name = "vdso",
	.control = true,
	.open = vdso_open,
	.place = special_place,
	.unplace = vdso_unplace,
};
