/* SPDX-License-Identifier: GPL-2.0 */
/* Messages of netlink: a header, attributes, and one answer. */
#ifndef PFNMAP_NETLINK_H
#define PFNMAP_NETLINK_H

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

struct netlink_message {
	struct nlmsghdr header;
	char data[8192];
};

/* Begins a message of @type with NLM_F_REQUEST and @flags, and with the family's own header. */
void netlink_begin(struct netlink_message *m, uint16_t type, uint16_t flags, const void *family,
		   size_t len);
void netlink_add(struct netlink_message *m, uint16_t type, const void *data, size_t len);

/* Sends @m to @protocol, NETLINK_*, and replaces it by the first answer. 0 or -errno. */
int netlink_exchange(int protocol, struct netlink_message *m);

/* The attribute of that type in one message, behind @len bytes of the family's header, or NULL. */
const void *netlink_attribute(const struct nlmsghdr *header, size_t len, uint16_t type);

#endif
