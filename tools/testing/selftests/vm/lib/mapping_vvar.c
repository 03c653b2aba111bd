// SPDX-License-Identifier: GPL-2.0
/*
 * [vvar]: the kernel's clock data, VM_PFNMAP in every process on x86 (up to 6.18 at least). The vma
 * can be moved but not split (special_mapping_split()), and while it is away the vdso must not be
 * called.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "mapping.h"

static int vvar_open(struct mapping *m)
{
	unsigned long start, end;
	char line[256];
	FILE *maps;

	maps = fopen("/proc/self/maps", "re");
	if (!maps)
		return mapping_skip(m, "/proc/self/maps: %s; mount /proc", strerror(errno));
	while (!m->home && fgets(line, sizeof(line), maps)) {
		if (strstr(line, "[vvar]") && sscanf(line, "%lx-%lx", &start, &end) == 2) {
			m->home = (void *)start;
			m->pages = m->granule = (end - start) / PAGE;
		}
	}
	fclose(maps);
	if (!m->home)
		return mapping_skip(m, "no [vvar] in /proc/self/maps: boot with vdso=1");
	m->manners = MAPPING_READ;
	/* The later pages are for paravirtual clocks and time namespaces and may SIGBUS. */
	m->props.cpu_pages = 1;
	/* In the kernel's image, which is PageReserved. */
	m->props.unfreeable = true;
	return 0;
}

static int vvar_place(struct mapping *m, void *addr, size_t pages)
{
	int err = mapping_move(m->home, addr, pages);

	if (err == -EPERM)
		mapping_skip(m, "[vvar] is sealed: needs CONFIG_MSEAL_SYSTEM_MAPPINGS=n");
	return err;
}

static void vvar_unplace(struct mapping *m, void *addr, size_t pages)
{
	mapping_move(addr, m->home, pages);
}

const struct mapping_ops mapping_vvar = {
	.name = "vvar",
	.open = vvar_open,
	.place = vvar_place,
	.unplace = vvar_unplace,
};
