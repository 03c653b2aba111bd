// SPDX-License-Identifier: GPL-2.0
/* The disk of NVMe for tests; see nvme.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/nvme_ioctl.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

#include "attribute.h"
#include "nvme.h"

#define QEMU_HINT "run QEMU with -device nvme,id=n,serial=pfnmap-scratch " \
		  "-device nvme-ns,bus=n,drive=...,ms=128"

int nvme_open_disk(struct pinner *p, const char *dir, const char *names, int flags)
{
	int disk = attribute_open_device(dir, names, "pfnmap-scratch*", flags);

	if (disk >= 0)
		return disk;
	if (disk == -EACCES)
		return pinner_skip(p, "the disk pfnmap-scratch: run as root");
	return pinner_skip(p, "no NVMe disk pfnmap-scratch: %s: " QEMU_HINT
			   " (CONFIG_BLK_DEV_NVME)", strerror(-disk));
}

int nvme_skip(struct pinner *p, int err)
{
	return pinner_skip(p, "the disk pfnmap-scratch has no metadata: %s: " QEMU_HINT
			   " (CONFIG_BLK_DEV_INTEGRITY)", strerror(-err));
}

int nvme_move(int disk, enum nvme_opcode opcode, void *data, size_t blocks, void *metadata)
{
	struct nvme_passthru_cmd cmd = {
		.opcode = opcode,
		.nsid = ioctl(disk, NVME_IOCTL_ID),
		.metadata = (uintptr_t)metadata,
		.metadata_len = blocks * NVME_METADATA,
		.addr = (uintptr_t)data,
		.data_len = blocks * NVME_BLOCK,
		.cdw12 = blocks - 1,
		.timeout_ms = NVME_TIMEOUT_MS,
	};
	int status = ioctl(disk, NVME_IOCTL_IO_CMD, &cmd);

	if (status < 0)
		return -errno;
	return status ? -EIO : 0;
}
