// SPDX-License-Identifier: GPL-2.0
/*
 * An NVMe namespace may have metadata for each block. A passthrough command has a separate user
 * buffer for the metadata (block/bio-integrity.c, bio_integrity_map_user()). Up to 7.1
 * bio_integrity_map_user() did not notice a short pin. One command writes the metadata to the disk,
 * a second one reads it back, one of them with memory of the test. The serial number of the disk
 * marks it as safe to overwrite.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../lib/nvme.h"
#include "pinner.h"

#define MAX_PAGES 8

/* The blocks that the metadata belongs to. */
static char data[MAX_PAGES * MAX_PAGE / NVME_METADATA * NVME_BLOCK] __aligned(MAX_PAGE);

/* Bytes of metadata moved, or -errno. */
static ssize_t command(int disk, enum nvme_opcode opcode, const struct iovec *metadata)
{
	int err = nvme_move(disk, opcode, data, metadata->iov_len / NVME_METADATA,
			    metadata->iov_base);

	return err ? err : (ssize_t)metadata->iov_len;
}

/*
 * A command that writes to the disk only reads its memory, which may be read-only. A kernel that
 * refuses read-only memory pins backwards: without FOLL_WRITE for a command that reads from the
 * disk. The device could then write to the zero page.
 */
static int pins_backwards(int disk, bool *backwards)
{
	void *page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct iovec read_only = { page, NVME_METADATA };
	ssize_t got;

	if (page == MAP_FAILED)
		return -errno;
	got = command(disk, NVME_WRITE, &read_only);
	munmap(page, PAGE);
	*backwards = got == -EFAULT;
	return got < 0 && got != -EFAULT ? got : 0;
}

/* O_EXCL: the open fails when the disk is mounted. */
static int nvme_open(struct pinner *p)
{
	int disk = nvme_open_disk(p, "/sys/block/", "nvme*/device/serial", O_RDWR | O_EXCL), err;

	if (disk < 0)
		return -1;
	err = pins_backwards(disk, &p->backwards);
	if (err) {
		close(disk);
		return nvme_skip(p, err);
	}
	p->state = (void *)(long)disk;
	return 0;
}

static void nvme_close(struct pinner *p)
{
	close((long)p->state);
}

static ssize_t nvme_copy(struct pinner *p, enum direction dir, const struct iovec *iov,
			 int n __maybe_unused, char *bounce)
{
	const struct iovec own = { bounce, iov->iov_len };
	int disk = (long)p->state;
	ssize_t got = command(disk, NVME_WRITE, dir == TO_FILE ? iov : &own);

	if (got < 0)
		return got;
	/* The read fills @bounce, private memory of the test: a backwards pin is harmless. */
	if (dir == TO_FILE)
		memset(bounce, 0, iov->iov_len);
	return command(disk, NVME_READ, dir == TO_FILE ? &own : iov);
}

static ssize_t nvme_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
		       off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, nvme_copy);
}

static struct verdict bio_integrity_map_user(const struct call *c)
{
	return kernel_has(METADATA_PINNED) ? pinned_at_once(c, EFAULT) : cpu_copies_whole(c);
}

/* bio_integrity_map_user() uses the slots of pages[] that a partial pin left unwritten. */
static bool short_pin_is_used(const struct pinner_ops *pinner __maybe_unused,
			      const struct mapping_props *m __maybe_unused)
{
	return true;
}

static const struct defect metadata_defects[] = {
	{ .id = METADATA_PINS_BACKWARDS, .flaw = PINS_BACKWARDS },
	{ .id = METADATA_SHORT_PIN, .kills = short_pin_is_used },
	{}
};

const struct pinner_ops pinner_nvme_metadata = {
	.name = "nvme_metadata",
	.rule = bio_integrity_map_user,
	.caller = "bio_integrity_map_user(), block/bio-integrity.c",
	.flags = GUP_FAST | FOLL_PIN | FOLL_PCI_P2PDMA,
	.defects = metadata_defects,
	.cpu_copies = true,
	.scratch = SCRATCH_MEMORY,
	.align = NVME_METADATA,
	.max_pages = MAX_PAGES,
	.one_iovec = true,
	.open = nvme_open,
	.close = nvme_close,
	.io = nvme_io,
};
