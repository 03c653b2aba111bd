// SPDX-License-Identifier: GPL-2.0
/*
 * Vmas of /dev/pfnmap_test, the suite's own module, that no other driver offers. Each is a row of
 * data. The file that a mapping opens is its source and its second way to the bytes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../test_module/pfnmap_test.h"
#include "../lib/attribute.h"
#include "mapping.h"
#include "module.h"
#include "../lib/pci.h"
#include "../lib/test_module.h"

#define FEW 8		/* pages; more than any buffer takes of a run that can be split */
#define HUGE_PAGES 512

static bool is_loaded_with(const struct pci_bar *bar)
{
	char start[64];

	attribute_read("/sys/module/pfnmap_test/parameters/bar", start, sizeof(start));
	return strtoull(start, NULL, 10) == bar->start;
}

/* Finds the device that has the module's BAR, and the access rights to the BAR. */
static int know_bar(struct mapping *m)
{
	struct pci_device dev;
	struct pci_bar bar;

	if (pci_find(m, "", &dev) || pci_memory_bar(m, &dev, &bar))
		return -1;
	if (!is_loaded_with(&bar))
		return mapping_skip(m, "pfnmap_test.ko was loaded with another bar= than that of %s",
				    dev.bdf);
	memcpy(m->device, dev.bdf, sizeof(m->device));
	if (!dev.test_device)
		m->access = MAPPING_KEEPS;
	return 0;
}

/* The vma cannot be made writable. Trying would leave a hole. */
static bool read_only;

static unsigned int promised(const struct pfnmap_test_setup *setup)
{
	if (setup->vma & PFNMAP_TEST_PFNMAP && setup->flags & PFNMAP_TEST_EAGER)
		return MAPPING_REMAPPED;
	return (setup->vma & PFNMAP_TEST_IO ? VM_IO : 0) |
	       (setup->vma & PFNMAP_TEST_PFNMAP ? VM_PFNMAP : 0) |
	       (setup->vma & PFNMAP_TEST_MIXEDMAP ? VM_MIXEDMAP : 0);
}

/* The setup of the module has all facts of the mapping. */
static void know(struct mapping *m, const struct pfnmap_test_setup *setup)
{
	m->pages = setup->pages;
	m->access = MAPPING_READ | MAPPING_WRITE | MAPPING_STABLE | MAPPING_KEEPS;
	read_only = setup->flags & PFNMAP_TEST_READONLY;
	if (read_only)
		m->access &= ~MAPPING_WRITE;
	if (setup->flags & PFNMAP_TEST_HUGE)
		m->granule = HUGE_PAGES;
	m->promised = promised(setup);
	m->props.by_pmd = setup->flags & PFNMAP_TEST_HUGE;
	m->props.file = m->props.no_mapping = true;
	m->props.reserved = setup->memory != PFNMAP_TEST_OWN;
	m->props.pfnmap_on_fault = setup->flags & PFNMAP_TEST_LATE;
	m->props.special = setup->special;
	m->props.has_access = setup->flags & PFNMAP_TEST_ACCESS;
	/* is_large_folio() of the module */
	if (setup->memory == PFNMAP_TEST_OWN && setup->special == PFNMAP_TEST_ALL)
		m->props.counted_pages = 1;
	if (setup->special == PFNMAP_TEST_ODD)
		m->props.normal_pages = 1;
	if (setup->holes == PFNMAP_TEST_ODD)
		m->props.fault_pages = m->props.cpu_pages = 1;
}

static int module_open(struct mapping *m, struct pfnmap_test_setup setup)
{
	m->fd = test_module_open(m->why, sizeof(m->why));
	if (m->fd < 0)
		return -1;
	if (ioctl(m->fd, PFNMAP_TEST_SETUP, &setup)) {
		if (errno == ENODEV)
			return mapping_skip(m, "pfnmap_test.ko was loaded without %s=START,SIZE",
					    setup.memory == PFNMAP_TEST_RAM ? "ram" : "bar");
		return mapping_skip(m, "PFNMAP_TEST_SETUP: %s", strerror(errno));
	}
	know(m, &setup);
	return setup.memory == PFNMAP_TEST_BAR ? know_bar(m) : 0;
}

static int module_place(struct mapping *m, void *addr, size_t pages)
{
	if (!read_only)
		return mapping_place_file(m, addr, pages);
	if (mmap(addr, pages * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, m->fd, 0) == MAP_FAILED)
		return -errno;
	return 0;
}

static long module_held(struct mapping *m)
{
	struct pfnmap_test_stats stats;

	return ioctl(m->fd, PFNMAP_TEST_STATS, &stats) ? -1 : (long)stats.held;
}

#define MODULE_OPS(kind, text)			\
	const struct mapping_ops mapping_mod_##kind = {	\
		.name = "mod_" #kind,			\
		.what = text,				\
		.open = kind##_open,			\
		.place = module_place,			\
		.peek = mapping_peek_file,		\
		.held = module_held,			\
	}

#define MODULE_MAPPING(kind, text, ...)							\
	static int kind##_open(struct mapping *m)					\
	{										\
		return module_open(m, (struct pfnmap_test_setup){ __VA_ARGS__ });	\
	}										\
											\
	MODULE_OPS(kind, text)

MODULE_MAPPING(ram, "VM_PFNMAP from the start, over RAM that has struct pages",
	       .pages = FEW, .vma = PFNMAP_TEST_PFNMAP, .special = PFNMAP_TEST_ALL,
	       .flags = PFNMAP_TEST_EAGER);

MODULE_MAPPING(reserved, "VM_PFNMAP from the start, over RAM that is not the kernel's",
	       .memory = PFNMAP_TEST_RAM, .vma = PFNMAP_TEST_PFNMAP,
	       .special = PFNMAP_TEST_ALL, .flags = PFNMAP_TEST_EAGER);

MODULE_MAPPING(bar, "VM_PFNMAP from the start, over a BAR",
	       .memory = PFNMAP_TEST_BAR, .vma = PFNMAP_TEST_PFNMAP,
	       .special = PFNMAP_TEST_ALL, .flags = PFNMAP_TEST_EAGER);

MODULE_MAPPING(fault, "VM_PFNMAP without VM_IO, mapped on fault",
	       .pages = FEW, .vma = PFNMAP_TEST_PFNMAP, .special = PFNMAP_TEST_ALL);

MODULE_MAPPING(late, "VM_PFNMAP that is set on fault, as in 7196040e19ad",
	       .pages = FEW, .special = PFNMAP_TEST_ALL, .flags = PFNMAP_TEST_LATE);

MODULE_MAPPING(special, "special PTEs in a VM_MIXEDMAP vma",
	       .pages = FEW, .vma = PFNMAP_TEST_MIXEDMAP, .special = PFNMAP_TEST_ALL);

MODULE_MAPPING(normal, "ordinary pages in a VM_MIXEDMAP vma",
	       .pages = FEW, .vma = PFNMAP_TEST_MIXEDMAP);

MODULE_MAPPING(altern, "special and ordinary PTEs in turn in one vma",
	       .pages = FEW, .vma = PFNMAP_TEST_MIXEDMAP, .special = PFNMAP_TEST_ODD);

MODULE_MAPPING(io, "ordinary PTEs in a VM_IO vma",
	       .pages = FEW, .vma = PFNMAP_TEST_IO | PFNMAP_TEST_MIXEDMAP,
	       .flags = PFNMAP_TEST_EAGER);

MODULE_MAPPING(sparse, "ordinary pages, of which every second one is SIGBUS",
	       .pages = FEW, .vma = PFNMAP_TEST_MIXEDMAP, .holes = PFNMAP_TEST_ODD);

/* By the PMD where vmf_insert_pfn_pmd() is exported (6.12), otherwise by the PTE. */
MODULE_MAPPING(huge, "VM_PFNMAP, mapped by the PMD where the kernel lets a module do so",
	       .pages = HUGE_PAGES, .vma = PFNMAP_TEST_PFNMAP, .special = PFNMAP_TEST_ALL,
	       .flags = PFNMAP_TEST_HUGE);

MODULE_MAPPING(rospec, "special PTEs in a vma that cannot be made writable",
	       .pages = FEW, .vma = PFNMAP_TEST_MIXEDMAP, .special = PFNMAP_TEST_ALL,
	       .flags = PFNMAP_TEST_READONLY | PFNMAP_TEST_ACCESS);

static struct module_fault fault;

/* Ordinary pages, behind a fault handler that first fails or takes long. */
static int faulty_open(struct mapping *m)
{
	return module_open(m, (struct pfnmap_test_setup){
		.pages = FEW,
		.vma = PFNMAP_TEST_MIXEDMAP,
		.fault = fault.answer,
		.fails = fault.fails,
		.delay_ms = fault.delay_ms,
	});
}

MODULE_OPS(faulty, "ordinary pages, whose fault fails or takes long");

int mapping_open_faulty(struct mapping *m, const struct module_fault *f)
{
	fault = *f;
	return mapping_open(m, &mapping_mod_faulty);
}

unsigned int mapping_faults(struct mapping *m)
{
	struct pfnmap_test_stats stats;

	return ioctl(m->fd, PFNMAP_TEST_STATS, &stats) ? 0 : stats.faults;
}
