/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What pinners move data from and to: a file of known contents to read (in), an empty one to write
 * (out). One kind goes through the page cache, the others are O_DIRECT: on a filesystem that is
 * proven to pin, on a block device, on one with large blocks, on a directory of the host that QEMU
 * shares, on NFS, on FAT, and on btrfs.
 */
#ifndef PFNMAP_SCRATCH_H
#define PFNMAP_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "layout.h"
#include "pattern.h"

enum scratch_kind {
	SCRATCH_MEMORY, SCRATCH_DIRECT, SCRATCH_BLOCK, SCRATCH_BLOCK_4K, SCRATCH_9P, SCRATCH_NFS,
	SCRATCH_FAT, SCRATCH_BTRFS, NR_SCRATCH
};

#define SCRATCH_BLOCK_SIZE 4096		/* of SCRATCH_BLOCK_4K; the others take multiples of 512 */

/* The file to read holds two slots, so that two reads in a row differ. */
#define SCRATCH_SLOT ((off_t)(LAYOUT_PAGES * PAGE))
#define SCRATCH_IN_SLOTS 2
/* The file to write has a slot that is never cleared, followed by those for short buffers. */
#define SCRATCH_SHORT_PAGES 8
#define SCRATCH_SHORT_SLOT ((off_t)(SCRATCH_SHORT_PAGES * PAGE))
#define SCRATCH_SHORT_SLOTS 63

struct scratch {
	int in;			/* holds scratch_in_id() in every page; -1 when there is none */
	int out;		/* the pinner writes here, from @out_start on */
	off_t out_start;
	char why[256];		/* why there is none, and how to get one */
};

/* What page @page of the file to read holds. */
pattern_id scratch_in_id(unsigned int page);

/*
 * The scratch of a kind, made on first use and shared with the processes forked since. Never NULL;
 * check @in. The files have no name and are gone with the last process that has them open.
 */
const struct scratch *scratch_get(enum scratch_kind kind);

/*
 * Can the disk read the kernel's image, which [vdso] is in? A hypervisor's may not: Firecracker's
 * virtio disk ends such writes in an I/O error.
 */
bool scratch_reads_image(const struct scratch *s);

/* Is it on an NVMe disk? Such a disk may take memory of other PCI devices (FOLL_PCI_P2PDMA). */
bool scratch_is_nvme(const struct scratch *s);

/* Where short slot @i of the file to write begins. */
off_t scratch_short_slot(const struct scratch *s, unsigned int i);

/* Fills every short slot with zeros; 0 or -errno. */
int scratch_clear(const struct scratch *s);

#endif
