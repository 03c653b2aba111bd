// SPDX-License-Identifier: GPL-2.0
/* What all mappings share: the table, and the check by VmFlags; see mapping.h. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../contract/record.h"
#include "../lib/compiler.h"
#include "mapping.h"

const struct mapping_ops *const mappings[] = {
#define MAPPING(name) &mapping_##name,
	MAPPINGS(MAPPING)
#undef MAPPING
	NULL
};

size_t mapping_index(const struct mapping_ops *ops)
{
	size_t i = 0;

	while (mappings[i] != ops)
		i++;
	return i;
}

int mapping_skip(struct mapping *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(m->why, sizeof(m->why), fmt, args);
	va_end(args);
	return -1;
}

void *mapping_room(size_t size)
{
	char *room, *home;

	room = mmap(NULL, 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (room == MAP_FAILED)
		return NULL;
	home = (char *)(((uintptr_t)room + size - 1) / size * size);
	if (home > room)
		munmap(room, home - room);
	munmap(home + size, room + size - home);
	return home;
}

int mapping_place_file(struct mapping *m, void *addr, size_t pages)
{
	if (mmap(addr, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, m->fd,
		 m->offset) == MAP_FAILED)
		return -errno;
	return 0;
}

int mapping_peek_file(struct mapping *m, void *buf, size_t page)
{
	return pread(m->fd, buf, PAGE, m->offset + page * PAGE) == (ssize_t)PAGE ? 0 : -1;
}

int mapping_peek_again(struct mapping *m, void *buf, size_t page)
{
	const size_t size = (page + 1) * PAGE;
	/* DRM maps a buffer from its first page on only. */
	char *view = mmap(NULL, size, PROT_READ, MAP_SHARED, m->fd, m->offset);

	if (view == MAP_FAILED)
		return -1;
	memcpy(buf, view + page * PAGE, PAGE);
	munmap(view, size);
	return 0;
}

bool mapping_must_not_touch(const struct mapping *m)
{
	return !(m->access & MAPPING_READ) && m->props.cpu_pages;
}

int mapping_move(void *from, void *to, size_t pages)
{
	if (mremap(from, pages * PAGE, pages * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to) != to)
		return -errno;
	return 0;
}

/* Copies the VmFlags of the vma at @addr; leaves @flags empty when there is no vma. */
static int read_vm_flags(const void *addr, char *flags, size_t size)
{
	unsigned long start, end;
	bool ours = false;
	char line[512];
	FILE *smaps;

	flags[0] = '\0';
	smaps = fopen("/proc/self/smaps", "re");
	if (!smaps)
		return -errno;
	while (fgets(line, sizeof(line), smaps)) {
		/* Most lines are attributes, "Rss: ...", and need no scan. */
		if (!isupper(line[0]) && sscanf(line, "%lx-%lx ", &start, &end) == 2)
			ours = (uintptr_t)addr >= start && (uintptr_t)addr < end;
		if (ours && !strncmp(line, "VmFlags:", 8)) {
			line[strcspn(line, "\n")] = ' ';
			snprintf(flags, size, "%.*s", (int)size - 1, line + 8);
			break;
		}
	}
	fclose(smaps);
	return 0;
}

bool mapping_vma_has_flag(const void *addr, const char *flag)
{
	char flags[96], word[8];

	snprintf(word, sizeof(word), " %s ", flag);
	return !read_vm_flags(addr, flags, sizeof(flags)) && strstr(flags, word);
}

bool mapping_has_flag(const struct mapping *m, const char *flag)
{
	char word[8];

	snprintf(word, sizeof(word), " %s ", flag);
	return strstr(m->vm_flags, word);
}

static int learn_flags(struct mapping *m, void *addr)
{
	int err = read_vm_flags(addr, m->vm_flags, sizeof(m->vm_flags));

	if (err)
		mapping_skip(m, "/proc/self/smaps: %s (CONFIG_PROC_PAGE_MONITOR)", strerror(-err));
	return err;
}

/* VM_PFNMAP must be clear before the vma is touched, and set afterwards. */
static int prove_late(struct mapping *m, void *addr)
{
	char untouched[sizeof(m->vm_flags)];
	bool early = mapping_has_flag(m, "pf");
	int err;

	memcpy(untouched, m->vm_flags, sizeof(untouched));
	(void)*(volatile char *)addr;
	err = learn_flags(m, addr);
	if (!err && (early || !mapping_has_flag(m, "pf")))
		err = mapping_skip(m, "it does not turn VM_PFNMAP when it is touched");
	memcpy(m->vm_flags, untouched, sizeof(untouched));
	return err;
}

/* VmFlags override what the source says of itself. */
static int prove(struct mapping *m)
{
	size_t run = m->granule * PAGE;
	/* A source may want its run at a multiple of its size. */
	void *addr = mapping_room(run);
	int err;

	if (!addr)
		return mapping_skip(m, "no address space for a probe: %s", strerror(errno));
	err = mapping_place(m, addr, m->granule);
	if (!err) {
		err = learn_flags(m, addr);
		if (!err && m->props.pfnmap_on_fault)
			err = prove_late(m, addr);
		mapping_unplace(m, addr, m->granule);
	} else if (!m->why[0]) {
		mapping_skip(m, "cannot be mapped: %s", strerror(-err));
	}
	munmap(addr, run);
	return err ? -1 : 0;
}

/* fs/proc/task_mmu.c, show_smap_vma_flags() */
static const struct {
	const char *name;
	enum vm_flag flag;
} flag_names[] = {
	{ "rd", VM_READ }, { "wr", VM_WRITE }, { "ex", VM_EXEC }, { "sh", VM_SHARED },
	{ "mr", VM_MAYREAD }, { "mw", VM_MAYWRITE }, { "pf", VM_PFNMAP }, { "lo", VM_LOCKED },
	{ "io", VM_IO }, { "dc", VM_DONTCOPY }, { "de", VM_DONTEXPAND }, { "dd", VM_DONTDUMP },
	{ "mm", VM_MIXEDMAP },
};

static unsigned int read_flags(const struct mapping *m)
{
	unsigned int flags = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flag_names); i++)
		if (mapping_has_flag(m, flag_names[i].name))
			flags |= flag_names[i].flag;
	return flags;
}

int mapping_open(struct mapping *m, const struct mapping_ops *ops)
{
	memset(m, 0, sizeof(*m));
	m->ops = ops;
	m->granule = 1;
	m->pages = SIZE_MAX;
	m->fd = m->fds[0] = m->fds[1] = m->fds[2] = -1;
	record_default(&m->props);
	if (ops->open(m) || prove(m)) {
		mapping_close(m);
		return -1;
	}
	m->props.vm_flags |= read_flags(m);
	m->props.special |= m->props.vm_flags & VM_PFNMAP || m->props.pfnmap_on_fault;
	return 0;
}

int mapping_place(struct mapping *m, void *addr, size_t pages)
{
	return m->ops->place(m, addr, pages);
}

void mapping_unplace(struct mapping *m, void *addr, size_t pages)
{
	if (m->ops->unplace)
		m->ops->unplace(m, addr, pages);
}

void mapping_close(struct mapping *m)
{
	size_t i;

	if (m->ops->close)
		m->ops->close(m);
	for (i = 0; i < ARRAY_SIZE(m->fds); i++)
		if (m->fds[i] >= 0)
			close(m->fds[i]);
	if (m->fd >= 0)
		close(m->fd);
	m->fd = m->fds[0] = m->fds[1] = m->fds[2] = -1;
}
