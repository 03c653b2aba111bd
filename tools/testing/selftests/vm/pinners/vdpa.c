// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of a virtual machine for a vDPA device: vhost-vdpa pins it, 512 pages at a time, and joins
 * those whose frames lie side by side (vhost_vdpa_pa_map()). Its write() has one errno for all.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/vhost.h>
#include <linux/vhost_types.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../lib/limited.h"
#include "../lib/vdpa.h"
#include "pinner.h"

static struct vdpa vdpa;
static uint64_t lengths[PINNER_MAX_IOVECS];	/* of what is mapped */
static int nr_lengths;

/* Far from each other. */
static uint64_t iova_of(int i)
{
	return (uint64_t)(i + 1) << 32;
}

static int change(int type, int i, uint64_t addr, uint64_t len, int perm)
{
	const struct vhost_msg_v2 msg = {
		.type = VHOST_IOTLB_MSG_V2,
		.iotlb = {
			.type = type,
			.iova = iova_of(i),
			.size = len,
			.uaddr = addr,
			.perm = perm,
		},
	};

	return write(vdpa.device, &msg, sizeof(msg)) == sizeof(msg) ? 0 : -errno;
}

static int vdpa_pinner_open(struct pinner *p)
{
	uint64_t features = 1ULL << VHOST_BACKEND_F_IOTLB_MSG_V2;

	nr_lengths = 0;
	if (vdpa_open(&vdpa, p->why, sizeof(p->why)))
		return -1;
	if (ioctl(vdpa.device, VHOST_SET_OWNER) ||
	    ioctl(vdpa.device, VHOST_SET_BACKEND_FEATURES, &features))
		pinner_skip(p, "vhost-vdpa: %s", strerror(errno));
	else if (limited_raise(p->why, sizeof(p->why)))	/* root is charged, too */
		return 0;
	vdpa_close(&vdpa);
	return -1;
}

static void vdpa_pinner_close(struct pinner *p __maybe_unused)
{
	limited_restore();
	vdpa_close(&vdpa);
}

static int drop_ranges(struct pinner *p __maybe_unused)
{
	int err = 0;

	while (nr_lengths) {
		nr_lengths--;
		err = change(VHOST_IOTLB_INVALIDATE, nr_lengths, 0, lengths[nr_lengths], 0) ?: err;
	}
	return err;
}

static ssize_t take_ranges(struct pinner *p, const struct iovec *iov, int n)
{
	int perm = p->mode->flags & FOLL_WRITE ? VHOST_ACCESS_RW : VHOST_ACCESS_RO;
	int i, err;

	for (i = 0; i < n; i++) {
		err = change(VHOST_IOTLB_UPDATE, i, (uintptr_t)iov[i].iov_base, iov[i].iov_len,
			     perm);
		if (err) {
			drop_ranges(p);
			return err;
		}
		lengths[nr_lengths++] = iov[i].iov_len;
	}
	return pinner_length(iov, n);
}

/* vhost_chr_write_iter() makes EFAULT of every errno. */
static struct verdict vhost_vdpa_pa_map(const struct call *c)
{
	return verdict_errno(pinned_at_once(c, EFAULT), EFAULT);
}

/*
 * Of a batch of pages the last ones whose frames lie side by side are kept when the next batch is
 * refused. The layout G512P of ordinary pages before a refused one shows it, for every mapping.
 */
static bool last_run_is_kept(const struct mapping_props *m __maybe_unused)
{
	return true;
}

static const struct defect vdpa_defects[] = {
	{ .id = VDPA_KEEPS_PINS, .leaks = last_run_is_kept, .leaks_long = true,
	  .flaw = KEEPS_PAGES },
	{}
};

/* vhost_vdpa_map() adds to pinned_vm, whoever the caller is. */
static size_t vhost_vdpa_account_pin(const struct call *c __maybe_unused, unsigned int pages)
{
	return pages;
}

static const struct pinner_mode modes[] = {
	{ .name = "read and write", .flags = FOLL_WRITE },
	{ .name = "read" },
	{}
};

const struct pinner_ops pinner_vdpa = {
	.name = "vdpa",
	.rule = vhost_vdpa_pa_map,
	.caller = "vhost_vdpa_pa_map(), drivers/vhost/vdpa.c",
	.flags = FOLL_PIN | FOLL_LONGTERM,
	.defects = vdpa_defects,
	.modes = modes,
	.vm_pin = vhost_vdpa_account_pin,
	.charged = true,
	.no_memory = EFAULT,
	.scratch = SCRATCH_MEMORY,
	.open = vdpa_pinner_open,
	.close = vdpa_pinner_close,
	.take = take_ranges,
	.drop = drop_ranges,
};
