// SPDX-License-Identifier: GPL-2.0
/* The xdp_umem, packet memory of AF_XDP. XDP_UMEM_REG pins it until the socket is closed. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_xdp.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pinner.h"

#ifndef SOL_XDP
#define SOL_XDP 283
#endif

static int sockets[PINNER_MAX_IOVECS];	/* each has one xdp_umem */
static int nr_sockets;

static int xdp_open(struct pinner *p)
{
	int fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);

	nr_sockets = 0;
	if (fd < 0 && errno == EPERM)
		return pinner_skip(p, "AF_XDP: run as root");
	if (fd < 0)
		return pinner_skip(p, "AF_XDP: %s (CONFIG_XDP_SOCKETS)", strerror(errno));
	close(fd);
	return 0;
}

static int drop_xdp_umems(struct pinner *p __maybe_unused)
{
	while (nr_sockets)
		close(sockets[--nr_sockets]);
	return 0;
}

static ssize_t take_xdp_umems(struct pinner *p, const struct iovec *iov, int n)
{
	struct xdp_umem_reg reg;
	int i, err = 0;

	/* Later kernels use the padding of the struct. */
	memset(&reg, 0, sizeof(reg));
	reg.chunk_size = PAGE;
	for (i = 0; i < n && !err; i++) {
		reg.addr = (uintptr_t)iov[i].iov_base;
		reg.len = iov[i].iov_len;
		sockets[nr_sockets] = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
		if (sockets[nr_sockets] < 0)
			err = -errno;
		else if (setsockopt(sockets[nr_sockets++], SOL_XDP, XDP_UMEM_REG, &reg,
				    sizeof(reg)))
			err = -errno;
	}
	if (err)
		drop_xdp_umems(p);
	return err ? err : (ssize_t)pinner_length(iov, n);
}

/* xdp_umem_pin_pages() releases a short pin and returns ENOMEM. */
static struct verdict xdp_umem_pin_pages(const struct call *c)
{
	return pinned_at_once(c, ENOMEM);
}

static const struct defect xdp_defects[] = {
	{ .id = XDP_OVERCHARGES, .flaw = OVERCHARGES },
	{}
};

const struct pinner_ops pinner_xdp = {
	.name = "xdp",
	.rule = xdp_umem_pin_pages,
	.caller = "xdp_umem_pin_pages(), net/xdp/xdp_umem.c",
	.flags = FOLL_PIN | FOLL_WRITE | FOLL_LONGTERM,
	.defects = xdp_defects,
	.charged = true,
	.scratch = SCRATCH_MEMORY,
	.open = xdp_open,
	.take = take_xdp_umems,
	.drop = drop_xdp_umems,
};
