// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/mem: the PC's ROM shadow, read-only, and RAM that the command line reserves for tests
 * (memmap=4M$0x10000000). The kernel does not use that RAM, so CONFIG_STRICT_DEVMEM allows writes.
 * Ranges that firmware reserves are never touched.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mapping.h"
#include "../lib/reserved.h"

#define ROM_START 0xc0000ULL
#define SYSTEM_ROM 0xf0000ULL
#define ROM_END 0x100000ULL

static int devmem_open(struct mapping *m, int flags)
{
	/* generic_access_phys(), with CONFIG_HAVE_IOREMAP_PROT. */
	m->promised = MAPPING_REMAPPED;
	m->props.has_access = m->props.reserved = true;
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
	if (mmap(addr, pages * PAGE, prot, MAP_SHARED | MAP_FIXED, m->fd, m->offset) ==
	    MAP_FAILED) {
		if (errno == EPERM)
			mapping_skip(m, "/dev/mem keeps %#llx to itself: CONFIG_STRICT_DEVMEM",
				     m->offset);
		return -errno;
	}
	return 0;
}

/* x86 alone has it (probe_roms()): elsewhere these addresses may be a device. */
static int rom_open(struct mapping *m)
{
	if (devmem_open(m, O_RDONLY))
		return -1;
	if (!reserved_as("System ROM", SYSTEM_ROM, ROM_END - SYSTEM_ROM))
		return mapping_skip(m, "/proc/iomem has no System ROM at %#llx: only PCs have it",
				    SYSTEM_ROM);
	m->offset = ROM_START;
	m->pages = (ROM_END - ROM_START) / PAGE;
	m->access = MAPPING_READ | MAPPING_STABLE | MAPPING_KEEPS;
	return 0;
}

static int rom_place(struct mapping *m, void *addr, size_t pages)
{
	return devmem_place_prot(m, addr, pages, PROT_READ);
}

static int ram_open(struct mapping *m)
{
	unsigned long long size;

	if (devmem_open(m, O_RDWR))
		return -1;
	if (!reserved_ram(&m->offset, &size))
		return mapping_skip(m, "no RAM is reserved for tests: boot with %s",
				    "memmap=4M$0x10000000 (mind the boot loader's quoting of $)");
	if (!reserved_as("Reserved", m->offset, size))
		return mapping_skip(m, "memmap= asks for %#llx but /proc/iomem does not have it "
				       "Reserved: choose another address", m->offset);
	m->pages = size / PAGE;
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE | MAPPING_KEEPS;
	return 0;
}

static int ram_place(struct mapping *m, void *addr, size_t pages)
{
	return devmem_place_prot(m, addr, pages, PROT_READ | PROT_WRITE);
}

const struct mapping_ops mapping_devmem_rom = {
	.name = "devmem_rom",
	.what = "/dev/mem, the ROM shadow",
	.open = rom_open,
	.place = rom_place,
	.peek = mapping_peek_file,
};

const struct mapping_ops mapping_devmem_ram = {
	.name = "devmem_ram",
	.what = "/dev/mem, RAM that is not the kernel's",
	.open = ram_open,
	.place = ram_place,
	.peek = mapping_peek_file,
};
