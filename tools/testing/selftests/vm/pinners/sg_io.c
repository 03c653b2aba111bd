// SPDX-License-Identifier: GPL-2.0
/*
 * SG_IO sends a SCSI command to a disk. blk_rq_map_user_iov() (block/blk-map.c) puts the user pages
 * into bios, as for every passthrough command. The disk is one of scsi_debug, which is memory and
 * safe to overwrite. One command writes the data to the disk, a second one reads it back, one of
 * them with memory of the test.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <scsi/sg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../lib/attribute.h"
#include "iomap.h"

#define SECTOR 512
#define MAX_PAGES 64		/* every SCSI host accepts this size in one command */
#define TIMEOUT_MS 10000

enum opcode { READ_10 = 0x28, WRITE_10 = 0x2a };

/* O_EXCL: the open fails when the disk is mounted. */
static int sg_io_open(struct pinner *p)
{
	int disk = attribute_open_device("/sys/block/", "sd*/device/model", "scsi_debug*",
					 O_RDWR | O_EXCL);

	if (disk == -EACCES)
		return pinner_skip(p, "disk of scsi_debug: run as root");
	if (disk < 0)
		return pinner_skip(p, "no free disk of scsi_debug: %s: modprobe scsi_debug "
				   "(CONFIG_SCSI_DEBUG, CONFIG_BLK_DEV_SD)", strerror(-disk));
	p->state = (void *)(long)disk;
	return 0;
}

static void sg_io_close(struct pinner *p)
{
	close((long)p->state);
}

/* Accesses the first sectors of the disk. Bytes moved, or -errno. */
static ssize_t command(int disk, enum opcode opcode, const struct iovec *iov, int n)
{
	size_t len = pinner_length(iov, n);
	unsigned char cdb[10] = { opcode, [7] = len / SECTOR >> 8, [8] = len / SECTOR & 0xff };
	unsigned char sense[32];
	struct sg_io_hdr header = {
		.interface_id = 'S',
		.dxfer_direction = opcode == WRITE_10 ? SG_DXFER_TO_DEV : SG_DXFER_FROM_DEV,
		.cmd_len = sizeof(cdb),
		.cmdp = cdb,
		.mx_sb_len = sizeof(sense),
		.sbp = sense,
		.iovec_count = n,
		.dxferp = (void *)iov,
		.dxfer_len = len,
		.timeout = TIMEOUT_MS,
	};

	if (ioctl(disk, SG_IO, &header))
		return -errno;
	if (header.status || header.host_status || header.driver_status)
		return -EIO;
	return len - header.resid;
}

static ssize_t sg_io_copy(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			  char *bounce)
{
	const struct iovec own = { bounce, pinner_length(iov, n) };
	int disk = (long)p->state;
	ssize_t got;

	if (dir == FROM_FILE) {
		got = command(disk, WRITE_10, &own, 1);
		return got < 0 ? got : command(disk, READ_10, iov, n);
	}
	got = command(disk, WRITE_10, iov, n);
	return got < 0 ? got : command(disk, READ_10, &own, 1);
}

static ssize_t sg_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n, off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, sg_io_copy);
}

/* For it EREMOTEIO is a buffer that must be copied, and what cannot be is EINVAL. */
static struct verdict blk_rq_map_user_iov(struct verdict v)
{
	return v.err == EREMOTEIO ? verdict_errno(v, EINVAL) : v;
}

/* Before bio_iov_iter_get_pages() filled the bio, it was made of one iovec. */
static struct verdict bio_map_user_iov(const struct call *c)
{
	struct call bio = *c;

	if (kernel_has(BLK_MAP_BY_BIO))
		return blk_rq_map_user_iov(iomap_dio_rw(c));
	bio.flags = bio_flags(c);
	return pinned_iovec_by_iovec(&bio, call_gup);
}

static const struct defect passthrough_defects[] = {
	{ .id = BLK_MAP_KEEPS_MEMORY, .flaw = KEEPS_MEMORY },
	{ .id = DAX_BIO_MIXED, .kills = bio_has_dax },
	{}
};

const struct pinner_ops pinner_sg_io = {
	.name = "sg_io",
	.rule = bio_map_user_iov,
	.caller = "bio_map_user_iov(), block/blk-map.c",
	.flags = GUP_FAST,
	.defects = passthrough_defects,
	.scratch = SCRATCH_MEMORY,
	.align = SECTOR,
	.max_pages = MAX_PAGES,
	.open = sg_io_open,
	.close = sg_io_close,
	.io = sg_io,
};
