// SPDX-License-Identifier: GPL-2.0
/*
 * An RDMA device made of software; see rdma.h. The kernel's write() interface and no libibverbs:
 * that would save 80 lines, but makes no devices, so the netlink part stays, and each machine and
 * guest would need five libraries, among them providers that are loaded at run time from fixed
 * paths.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <rdma/ib_user_ioctl_cmds.h>
#include <rdma/ib_user_ioctl_verbs.h>
#include <rdma/ib_user_verbs.h>
#include <rdma/rdma_netlink.h>
#include <rdma/rdma_user_ioctl_cmds.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attribute.h"
#include "compiler.h"
#include "netlink.h"
#include "rdma.h"

#define NETDEV "lo"
#define UVERBS_CLASS "/sys/class/infiniband_verbs"
#define MAX_DEVICES 64
#define ANSWER_WORDS 24		/* more than any answer has, with the driver's own part */

/* The header's commands end in arrays without a size, and a header precedes each of them. */
struct response {
	struct ib_uverbs_cmd_hdr header;
	__u64 response;
};

struct reg_mr {
	struct ib_uverbs_cmd_hdr header;
	__u64 response, start, length, hca_va;
	__u32 pd_handle, access_flags;
	__u64 driver;		/* struct siw_ureq_reg_mr */
};

static void begin(struct netlink_message *m, unsigned int command, unsigned int flags)
{
	netlink_begin(m, RDMA_NL_GET_TYPE(RDMA_NL_NLDEV, command), flags, NULL, 0);
}

static int make_device(const char *type, const char *name)
{
	struct netlink_message m;

	begin(&m, RDMA_NLDEV_CMD_NEWLINK, NLM_F_ACK);
	netlink_add(&m, RDMA_NLDEV_ATTR_DEV_NAME, name, strlen(name) + 1);
	netlink_add(&m, RDMA_NLDEV_ATTR_LINK_TYPE, type, strlen(type) + 1);
	netlink_add(&m, RDMA_NLDEV_ATTR_NDEV_NAME, NETDEV, sizeof(NETDEV));
	return netlink_exchange(NETLINK_RDMA, &m);
}

static void remove_device(uint32_t index)
{
	struct netlink_message m;

	begin(&m, RDMA_NLDEV_CMD_DELLINK, NLM_F_ACK);
	netlink_add(&m, RDMA_NLDEV_ATTR_DEV_INDEX, &index, sizeof(index));
	netlink_exchange(NETLINK_RDMA, &m);
}

/* Looks for the device of that name in one part of the answer; false at the end of all parts. */
static bool look_in(struct netlink_message *m, int len, const char *name, uint32_t *index,
		    bool *found)
{
	struct nlmsghdr *header = &m->header;
	const char *its_name;

	for (; NLMSG_OK(header, (unsigned int)len); header = NLMSG_NEXT(header, len)) {
		if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR)
			return false;
		its_name = netlink_attribute(header, 0, RDMA_NLDEV_ATTR_DEV_NAME);
		if (its_name && !strcmp(its_name, name)) {
			memcpy(index, netlink_attribute(header, 0, RDMA_NLDEV_ATTR_DEV_INDEX),
			       sizeof(*index));
			*found = true;
		}
	}
	return true;
}

static bool find_device(uint32_t *index, const char *name)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_RDMA), len;
	bool found = false;
	struct netlink_message m;

	begin(&m, RDMA_NLDEV_CMD_GET, NLM_F_DUMP);
	len = send(fd, &m, m.header.nlmsg_len, 0);
	while (len > 0 && (len = recv(fd, &m, sizeof(m), 0)) > 0)
		if (!look_in(&m, len, name, index, &found))
			break;
	close(fd);
	return found;
}

/* The node of the device is the one whose class entry has the device's name. */
static int open_node(const char *name)
{
	char path[64], found[64];
	int i, fd;

	for (i = 0; i < MAX_DEVICES; i++) {
		snprintf(path, sizeof(path), UVERBS_CLASS "/uverbs%d/ibdev", i);
		if (!attribute_line(path, found, sizeof(found)) || strcmp(found, name))
			continue;
		snprintf(path, sizeof(path), "/dev/infiniband/uverbs%d", i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		return fd < 0 ? -errno : fd;
	}
	return -ENOENT;
}

int rdma_command(struct rdma *r, unsigned int number, void *cmd, size_t size, size_t answer)
{
	struct ib_uverbs_cmd_hdr *header = cmd;

	header->command = number;
	header->in_words = size / 4;
	header->out_words = answer / 4;
	return write(r->uverbs, cmd, size) == (ssize_t)size ? 0 : -errno;
}

static int make_context(struct rdma *r)
{
	uint32_t answer[ANSWER_WORDS] = {};
	struct response get = { .response = (uintptr_t)answer };
	int err = rdma_command(r, IB_USER_VERBS_CMD_GET_CONTEXT, &get, sizeof(get), sizeof(answer));

	/* struct ib_uverbs_get_context_resp, .async_fd */
	if (!err)
		close(answer[0]);
	return err;
}

static int make_domain(struct rdma *r)
{
	uint32_t answer[ANSWER_WORDS] = {};
	struct response alloc = { .response = (uintptr_t)answer };
	int err = rdma_command(r, IB_USER_VERBS_CMD_ALLOC_PD, &alloc, sizeof(alloc),
			       sizeof(answer));

	/* struct ib_uverbs_alloc_pd_resp, .pd_handle */
	r->domain = answer[0];
	return err;
}

static int explain(char *why, size_t size, const char *type, int err)
{
	if (err == -EPERM || err == -EACCES)
		snprintf(why, size, "an RDMA device cannot be made: run as root");
	else if (err == -EINVAL || err == -EPROTONOSUPPORT)
		snprintf(why, size, "no RDMA in software: CONFIG_RDMA_%s, CONFIG_INFINIBAND_USER_ACCESS",
			 !strcmp(type, "rxe") ? "RXE" : "SIW");
	else if (err == -ENOENT)
		snprintf(why, size, "no RDMA device can be made: CONFIG_CRYPTO_CRC32, modprobe ib_uverbs");
	else if (err == -EEXIST)
		snprintf(why, size, NETDEV " has an RDMA device already: rdma link");
	else
		snprintf(why, size, "an RDMA device of type %s: %s", type, strerror(-err));
	return -1;
}

static int open_device(struct rdma *r)
{
	int err;

	r->uverbs = open_node(r->name);
	if (r->uverbs < 0)
		return r->uverbs;
	err = make_context(r);
	if (!err)
		err = make_domain(r);
	if (err)
		close(r->uverbs);
	return err;
}

int rdma_open(struct rdma *r, const char *type, char *why, size_t size)
{
	int err;

	snprintf(r->name, sizeof(r->name), "pfnmap_%s", type);
	err = make_device(type, r->name);
	/* A device that a killed test left behind serves as well. */
	if ((err && err != -EEXIST) || !find_device(&r->index, r->name))
		return explain(why, size, type, err);
	err = open_device(r);
	if (!err)
		return 0;
	remove_device(r->index);
	return explain(why, size, type, err);
}

void rdma_close(struct rdma *r)
{
	close(r->uverbs);
	remove_device(r->index);
}

int rdma_register(struct rdma *r, const void *addr, size_t len, unsigned int access,
		  struct rdma_region *region)
{
	uint32_t answer[ANSWER_WORDS] = {};
	struct reg_mr reg = {
		.response = (uintptr_t)answer,
		.start = (uintptr_t)addr,
		.hca_va = (uintptr_t)addr,
		.length = len,
		.pd_handle = r->domain,
		.access_flags = access,
	};
	int err = rdma_command(r, IB_USER_VERBS_CMD_REG_MR, &reg, sizeof(reg), sizeof(answer));

	/* struct ib_uverbs_reg_mr_resp, .mr_handle and .lkey */
	*region = (struct rdma_region){ answer[0], answer[1] };
	return err;
}

int rdma_deregister(struct rdma *r, const struct rdma_region *region)
{
	struct {
		struct ib_uverbs_cmd_hdr header;
		struct ib_uverbs_dereg_mr cmd;
	} dereg = { .cmd.mr_handle = region->handle };

	return rdma_command(r, IB_USER_VERBS_CMD_DEREG_MR, &dereg, sizeof(dereg), 0);
}

/* The newer commands are ioctls with attributes; numbers of up to 8 bytes are in the attribute. */
int rdma_prefetch(struct rdma *r, const struct rdma_region *region, const void *addr, size_t len,
		  bool write)
{
	struct ib_uverbs_sge part = { (uintptr_t)addr, len, region->key };
	struct {
		struct ib_uverbs_ioctl_hdr header;
		struct ib_uverbs_attr attrs[4];
	} advise = {
		.header = {
			.length = sizeof(advise),
			.object_id = UVERBS_OBJECT_MR,
			.method_id = UVERBS_METHOD_ADVISE_MR,
			.driver_id = RDMA_DRIVER_RXE,
			.num_attrs = 4,
		},
		.attrs = {
			{
				.attr_id = UVERBS_ATTR_ADVISE_MR_PD_HANDLE,
				.flags = UVERBS_ATTR_F_MANDATORY,
				.data = r->domain,
			},
			{
				.attr_id = UVERBS_ATTR_ADVISE_MR_ADVICE,
				.flags = UVERBS_ATTR_F_MANDATORY,
				.len = sizeof(uint64_t),
				.data = write ? IB_UVERBS_ADVISE_MR_ADVICE_PREFETCH_WRITE :
						IB_UVERBS_ADVISE_MR_ADVICE_PREFETCH,
			},
			{
				.attr_id = UVERBS_ATTR_ADVISE_MR_FLAGS,
				.flags = UVERBS_ATTR_F_MANDATORY,
				.len = sizeof(uint64_t),
				.data = IB_UVERBS_ADVISE_MR_FLAG_FLUSH,
			},
			{
				.attr_id = UVERBS_ATTR_ADVISE_MR_SGE_LIST,
				.flags = UVERBS_ATTR_F_MANDATORY,
				.len = sizeof(part),
				.data = (uintptr_t)&part,
			},
		},
	};

	return ioctl(r->uverbs, RDMA_VERBS_IOCTL, &advise) ? -errno : 0;
}
