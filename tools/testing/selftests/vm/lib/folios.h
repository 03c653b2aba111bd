/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Drivers that pin the pages of a memfd by its offsets, not by addresses of a process
 * (memfd_pin_folios(), mm/gup.c): udmabuf since 6.11, iommufd since 6.13. What they hold is reached
 * through the dma-buf, or by QEMU's edu device.
 */
#ifndef PFNMAP_FOLIOS_H
#define PFNMAP_FOLIOS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "iommufd.h"
#include "udmabuf.h"
#include "vfio.h"

struct folio_driver;

/* An open driver, and what it holds. */
struct folios {
	const struct folio_driver *driver;
	size_t pages;
	int dmabuf;		/* udmabuf's, and the same, mapped */
	char *map;
	struct iommufd iommufd;
	char *bounce;		/* a page of ordinary memory that edu reaches, too */
	char why[256];
};

struct folio_driver {
	/* 0, or -1 with the reason in f->why. */
	int (*open)(struct folios *f);
	/* Takes @pages pages of @memfd, from byte @start on. 0 or -errno. */
	int (*hold)(struct folios *f, int memfd, off_t start, size_t pages);
	/* Moves the first bytes of page @i of what is held: to @page, or from it. */
	bool (*read)(struct folios *f, size_t i, void *page);
	bool (*write)(struct folios *f, size_t i, const void *page);
	void (*release)(struct folios *f);
	void (*close)(struct folios *f);	/* NULL: nothing is open */
	size_t slow;		/* it moves so many bytes, in 0.2 s; 0: a page, at once */
	bool charged;		/* by RLIMIT_MEMLOCK */
	int no_memfd;		/* -errno for a file that is none */
};

extern const struct folio_driver folios_udmabuf, folios_iommufd;

#endif
