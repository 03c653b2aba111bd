// SPDX-License-Identifier: GPL-2.0
/*
 * An NVMe namespace may have metadata for each block. A passthrough command brings it in a user
 * buffer of its own (block/bio-integrity.c, bio_integrity_map_user()). Up to 7.1 the kernel did not
 * notice when it got fewer pages than it had asked for. The disk must say that it is for tests.
 * What a command writes from the memory under test, another command reads back into memory of our
 * own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../lib/attribute.h"
#include "pinner.h"

#define BLOCK 512
#define METADATA 128		/* metadata bytes of a block; no kernel can count to 256 of them */
#define MAX_PAGES 8
#define PATIENCE 10000U		/* milliseconds */
#define WANTED "run QEMU with -device nvme,id=n,serial=pfnmap-scratch -device nvme-ns,bus=n,drive=...,ms=128"

enum opcode { WRITE = 1, READ = 2 };

/* Data of the blocks that the metadata belongs to. */
static char data[MAX_PAGES * PAGE / METADATA * BLOCK] __aligned(PAGE);

/* From the first block on. Bytes of metadata that moved, or -errno. */
static ssize_t command(int disk, enum opcode opcode, const struct iovec *metadata)
{
	unsigned int blocks = metadata->iov_len / METADATA;
	struct nvme_passthru_cmd cmd = {
		.opcode = opcode,
		.nsid = ioctl(disk, NVME_IOCTL_ID),
		.metadata = (uintptr_t)metadata->iov_base,
		.metadata_len = metadata->iov_len,
		.addr = (uintptr_t)data,
		.data_len = blocks * BLOCK,
		.cdw12 = blocks - 1,
		.timeout_ms = PATIENCE,
	};
	int status = ioctl(disk, NVME_IOCTL_IO_CMD, &cmd);

	if (status < 0)
		return -errno;
	return status ? -EIO : (ssize_t)metadata->iov_len;
}

/*
 * A command that writes to the disk only reads its memory, so the memory may be read-only. When the
 * kernel refuses that, it pins the memory of a command that reads from the disk without FOLL_WRITE:
 * the device could then write to the zero page.
 */
static int pins_backwards(int disk, bool *backwards)
{
	const struct iovec shut = { mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
				    METADATA };
	ssize_t got;

	if (shut.iov_base == MAP_FAILED)
		return -errno;
	got = command(disk, WRITE, &shut);
	munmap(shut.iov_base, PAGE);
	*backwards = got == -EFAULT;
	return got < 0 && got != -EFAULT ? got : 0;
}

/* O_EXCL: the disk is not mounted. */
static int nvme_open(struct pinner *p)
{
	int disk = attribute_open_device("/sys/block/", "nvme*/device/serial", "pfnmap-scratch*",
					 O_RDWR | O_EXCL);
	int err;

	if (disk == -EACCES)
		return pinner_skip(p, "the disk pfnmap-scratch: run as root");
	if (disk < 0)
		return pinner_skip(p, "no disk pfnmap-scratch of NVMe: %s: " WANTED " (CONFIG_BLK_DEV_NVME)",
				   strerror(-disk));
	err = pins_backwards(disk, &p->backwards);
	if (err) {
		close(disk);
		return pinner_skip(p, "pfnmap-scratch takes no metadata: %s: " WANTED " (CONFIG_BLK_DEV_INTEGRITY)",
				   strerror(-err));
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
	const struct iovec ours = { bounce, iov->iov_len };
	int disk = (long)p->state;
	ssize_t got = command(disk, WRITE, dir == TO_FILE ? iov : &ours);

	if (got < 0)
		return got;
	/* The result is in our own page then, in whatever way it is pinned. */
	if (dir == TO_FILE)
		memset(bounce, 0, iov->iov_len);
	return command(disk, READ, dir == TO_FILE ? &ours : iov);
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

static const struct defect metadata_defects[] = {
	{ .id = METADATA_PINS_BACKWARDS, .flaw = PINS_BACKWARDS },
	{}
};

const struct pinner_ops pinner_nvme_metadata = {
	.name = "nvme_metadata",
	.rule = bio_integrity_map_user,
	.caller = "bio_integrity_map_user(), block/bio-integrity.c",
	.flags = GUP_FAST | FOLL_PIN,
	.defects = metadata_defects,
	.cpu_copies = true,
	.scratch = SCRATCH_MEMORY,
	.align = METADATA,
	.max_pages = MAX_PAGES,
	.one_iovec = true,
	.open = nvme_open,
	.close = nvme_close,
	.io = nvme_io,
};
