// SPDX-License-Identifier: GPL-2.0
/*
 * VMCI connects a VMware guest to its host; the host part works without a guest. A queue pair is
 * user memory, pinned in two calls, one for the produce queue and one for the consume queue
 * (drivers/misc/vmw_vmci/vmci_queue_pair.c, qp_host_get_user_memory()). A byte of user memory
 * notifies the process of events (vmci_host.c, vmci_host_setup_notify()).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pinner.h"

/* Not in the UAPI: include/linux/vmw_vmci_defs.h and drivers/misc/vmw_vmci/vmci_queue_pair.h. */
#define IOCTL_INIT_CONTEXT _IO(7, 0xa0)
#define IOCTL_VERSION2 _IO(7, 0xa7)
#define IOCTL_QUEUEPAIR_ALLOC _IO(7, 0xa8)
#define IOCTL_QUEUEPAIR_DETACH _IO(7, 0xaa)
#define IOCTL_SET_NOTIFY _IO(7, 0xcb)
#define VERSION (11 << 16)
#define HOST 2
#define FIRST_CONTEXT 16	/* lowest context id; the kernel assigns the next free one */
#define RESOURCE 1024		/* lowest resource id that is not reserved */
#define ERROR_NO_MEM (-3)
#define ERROR_GENERIC (-13)
#define HEADERS 2		/* header pages, one per queue */

struct handle {
	uint32_t context;
	uint32_t resource;
};

struct alloc_info {
	struct handle handle;
	uint32_t peer;
	uint32_t flags;
	uint64_t produce_size;
	uint64_t consume_size;
	uint64_t va;
	uint64_t pages;
	int32_t result;
	uint32_t version;
};

struct detach_info {
	struct handle handle;
	int32_t result;
	uint32_t padding;
};

struct notify_info {
	uint64_t va;
	int32_t result;
	uint32_t padding;
};

static struct handle queue;

static int vmci_open(struct pinner *p)
{
	struct { uint32_t context, flags; } init = { .context = FIRST_CONTEXT };
	int version = VERSION, fd = open("/dev/vmci", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return pinner_skip(p, "/dev/vmci: %s: %s", strerror(errno),
				   errno == EACCES ? "run as root" :
						     "modprobe vmw_vmci (CONFIG_VMWARE_VMCI)");
	p->state = (void *)(intptr_t)fd;
	if (ioctl(fd, IOCTL_VERSION2, &version) >= 0 && !ioctl(fd, IOCTL_INIT_CONTEXT, &init)) {
		queue = (struct handle){ init.context, RESOURCE };
		return 0;
	}
	close(fd);
	return pinner_skip(p, "/dev/vmci: context cannot be created: %s", strerror(errno));
}

static void vmci_close(struct pinner *p)
{
	close((intptr_t)p->state);
}

static ssize_t take_queue(struct pinner *p, const struct iovec *iov, int n __maybe_unused)
{
	struct alloc_info info = {
		.handle = queue,
		.peer = HOST,
		.produce_size = iov->iov_len - HEADERS * PAGE,
		.va = (uintptr_t)iov->iov_base,
		.pages = iov->iov_len / PAGE,
	};

	if (ioctl((intptr_t)p->state, IOCTL_QUEUEPAIR_ALLOC, &info))
		return -errno;
	if (info.result < 0)
		return info.result == ERROR_NO_MEM ? -ENOMEM : -EPROTO;
	return iov->iov_len;
}

static int drop_queue(struct pinner *p)
{
	struct detach_info info = { .handle = queue };

	if (ioctl((intptr_t)p->state, IOCTL_QUEUEPAIR_DETACH, &info))
		return -errno;
	return info.result < 0 ? -EPROTO : 0;
}

/* The byte is the first one of the page. NULL releases the page. */
static int set_notify(struct pinner *p, const void *byte)
{
	struct notify_info info = { .va = (uintptr_t)byte };

	if (ioctl((intptr_t)p->state, IOCTL_SET_NOTIFY, &info))
		return -errno;
	if (info.result < 0)
		return info.result == ERROR_GENERIC ? -EIO : -EPROTO;
	return 0;
}

static ssize_t take_notify(struct pinner *p, const struct iovec *iov, int n __maybe_unused)
{
	int err = set_notify(p, iov->iov_base);

	return err ? err : (ssize_t)iov->iov_len;
}

static int drop_notify(struct pinner *p)
{
	return set_notify(p, NULL);
}

/* The error of a refusal is VMCI_ERROR_NO_MEM. */
static struct verdict qp_host_get_user_memory(const struct call *c)
{
	return verdict_errno(pinned_at_once(c, ENOMEM), ENOMEM);
}

/* The error of a refusal is VMCI_ERROR_GENERIC. */
static struct verdict vmci_host_setup_notify(const struct call *c)
{
	return verdict_errno(pinned_at_once(c, EIO), EIO);
}

const struct pinner_ops pinner_vmci_queue = {
	.name = "vmci_queue",
	.rule = qp_host_get_user_memory,
	.caller = "qp_host_get_user_memory(), drivers/misc/vmw_vmci/vmci_queue_pair.c",
	.flags = GUP_FAST | FOLL_GET | FOLL_WRITE,
	.scratch = SCRATCH_MEMORY,
	.min_pages = HEADERS + 1,
	.one_iovec = true,
	.open = vmci_open,
	.close = vmci_close,
	.take = take_queue,
	.drop = drop_queue,
};

const struct pinner_ops pinner_vmci_notify = {
	.name = "vmci_notify",
	.rule = vmci_host_setup_notify,
	.caller = "vmci_host_setup_notify(), drivers/misc/vmw_vmci/vmci_host.c",
	.flags = GUP_FAST | FOLL_GET | FOLL_WRITE,
	.scratch = SCRATCH_MEMORY,
	.max_pages = 1,
	.one_iovec = true,
	.open = vmci_open,
	.close = vmci_close,
	.take = take_notify,
	.drop = drop_notify,
};
