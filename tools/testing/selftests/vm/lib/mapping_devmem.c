// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/mem: the PC's ROM shadow, read only, and RAM that the command line reserved for tests
 * (memmap=4M$0x10000000), which the kernel gave up and CONFIG_STRICT_DEVMEM therefore lets us write.
 * Firmware has reserved ranges too; those are never touched.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mapping.h"

#define ROM_START 0xc0000ULL
#define ROM_END 0x100000ULL

static int devmem_open(struct mapping *m, int flags)
{
	m->fd = open("/dev/mem", flags | O_CLOEXEC);
	if (m->fd >= 0)
		return 0;
	if (errno == ENOENT)
		return mapping_skip(m, "no /dev/mem: CONFIG_DEVMEM");
	if (errno == EACCES)
		return mapping_skip(m, "/dev/mem: run as root");
	return mapping_skip(m, "/dev/mem: %s (CAP_SYS_RAWIO, lockdown=none)", strerror(errno));
}

static int devmem_place_prot(struct mapping *m, void *addr, size_t pages, int prot)
{
	if (mmap(addr, pages * PAGE, prot, MAP_SHARED | MAP_FIXED, m->fd, m->offset) == MAP_FAILED) {
		if (errno == EPERM)
			mapping_skip(m, "/dev/mem keeps %#llx to itself: CONFIG_STRICT_DEVMEM",
				     m->offset);
		return -errno;
	}
	return 0;
}

static int devmem_peek(struct mapping *m, void *buf, size_t pages)
{
	return pread(m->fd, buf, pages * PAGE, m->offset) == (ssize_t)(pages * PAGE) ? 0 : -1;
}

static int rom_open(struct mapping *m)
{
	m->offset = ROM_START;
	m->pages = (ROM_END - ROM_START) / PAGE;
	m->manners = MAPPING_READ | MAPPING_STABLE | MAPPING_KEEPS;
	return devmem_open(m, O_RDONLY);
}

static int rom_place(struct mapping *m, void *addr, size_t pages)
{
	return devmem_place_prot(m, addr, pages, PROT_READ);
}

static unsigned long long size_of(const char *text, char **end)
{
	unsigned long long n = strtoull(text, end, 0);

	switch (**end) {
	case 'G': case 'g':
		n <<= 10; /* fall through */
	case 'M': case 'm':
		n <<= 10; /* fall through */
	case 'K': case 'k':
		n <<= 10;
		(*end)++;
	}
	return n;
}

/* Finds memmap=SIZE$START on the kernel's command line. */
static bool reserved_by_boot(unsigned long long *start, unsigned long long *size)
{
	char line[4096] = "", *word, *end;
	FILE *cmdline = fopen("/proc/cmdline", "re");

	if (!cmdline)
		return false;
	if (!fgets(line, sizeof(line), cmdline))
		line[0] = '\0';
	fclose(cmdline);
	for (word = strstr(line, "memmap="); word; word = strstr(word, "memmap=")) {
		word += strlen("memmap=");
		*size = size_of(word, &end);
		if (*end != '$')
			continue;
		*start = size_of(end + 1, &end);
		if (*size >= PAGE && *start % PAGE == 0)
			return true;
	}
	return false;
}

/* A command line is only a wish; /proc/iomem says whether the kernel heeded it. */
static bool is_reserved(unsigned long long start, unsigned long long size)
{
	unsigned long long from, to;
	bool found = false;
	char line[256];
	FILE *iomem = fopen("/proc/iomem", "re");

	while (iomem && !found && fgets(line, sizeof(line), iomem))
		found = sscanf(line, "%llx-%llx :", &from, &to) == 2 && strstr(line, "Reserved") &&
			from <= start && to >= start + size - 1;
	if (iomem)
		fclose(iomem);
	return found;
}

static int ram_open(struct mapping *m)
{
	unsigned long long size;

	if (devmem_open(m, O_RDWR))
		return -1;
	if (!reserved_by_boot(&m->offset, &size))
		return mapping_skip(m, "no RAM is reserved for tests: boot with %s",
				    "memmap=4M$0x10000000 (mind the boot loader's quoting of $)");
	if (!is_reserved(m->offset, size))
		return mapping_skip(m, "memmap= asks for %#llx but /proc/iomem does not have it "
				       "Reserved: choose another address", m->offset);
	m->pages = size / PAGE;
	m->manners = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE | MAPPING_KEEPS;
	return 0;
}

static int ram_place(struct mapping *m, void *addr, size_t pages)
{
	return devmem_place_prot(m, addr, pages, PROT_READ | PROT_WRITE);
}

const struct mapping_ops mapping_devmem_rom = {
	.name = "devmem_rom",
	.open = rom_open,
	.place = rom_place,
	.peek = devmem_peek,
};

const struct mapping_ops mapping_devmem_ram = {
	.name = "devmem_ram",
	.open = ram_open,
	.place = ram_place,
	.peek = devmem_peek,
};
