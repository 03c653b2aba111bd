// SPDX-License-Identifier: GPL-2.0
/* Messages of netlink; see netlink.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netlink.h"

void netlink_begin(struct netlink_message *m, uint16_t type, uint16_t flags, const void *family,
		   size_t len)
{
	memset(m, 0, sizeof(*m));
	m->header.nlmsg_len = NLMSG_LENGTH(len);
	m->header.nlmsg_type = type;
	m->header.nlmsg_flags = NLM_F_REQUEST | flags;
	if (len)
		memcpy(m->data, family, len);
}

void netlink_add(struct netlink_message *m, uint16_t type, const void *data, size_t len)
{
	struct nlattr *attr = (struct nlattr *)((char *)m + NLMSG_ALIGN(m->header.nlmsg_len));

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memcpy((char *)attr + NLA_HDRLEN, data, len);
	m->header.nlmsg_len = NLMSG_ALIGN(m->header.nlmsg_len) + NLA_ALIGN(attr->nla_len);
}

int netlink_exchange(int protocol, struct netlink_message *m)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	const struct nlmsgerr *error = (struct nlmsgerr *)m->data;
	int err = 0;

	if (fd < 0)
		return -errno;
	if (send(fd, m, m->header.nlmsg_len, 0) < 0 || recv(fd, m, sizeof(*m), 0) < 0)
		err = -errno;
	else if (m->header.nlmsg_type == NLMSG_ERROR)
		err = error->error;
	close(fd);
	return err;
}

const void *netlink_attribute(const struct nlmsghdr *header, size_t len, uint16_t type)
{
	const struct nlattr *attr;
	size_t at;

	for (at = NLMSG_SPACE(len); at + NLA_HDRLEN < header->nlmsg_len;
	     at += NLA_ALIGN(attr->nla_len)) {
		attr = (const void *)((const char *)header + at);
		if (attr->nla_type == type)
			return (const char *)attr + NLA_HDRLEN;
		if (attr->nla_len < NLA_HDRLEN)
			break;
	}
	return NULL;
}
