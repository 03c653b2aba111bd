// SPDX-License-Identifier: GPL-2.0
/* A vDPA device without hardware; see vdpa.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/genetlink.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute.h"
#include "netlink.h"
#include "vdpa.h"

/* include/uapi/linux/vdpa.h, since 5.12. */
#define FAMILY "vdpa"
#define FAMILY_VERSION 1
enum { CMD_DEV_NEW = 3, CMD_DEV_DEL = 4 };
enum { ATTR_MGMTDEV_DEV_NAME = 2, ATTR_DEV_NAME = 4 };

#define PARENT "vdpasim_net"
#define DEVICES "/sys/bus/vdpa/devices/"
#define OURS "pfnmap-"		/* and the number of the process */
#define USE_VA "/sys/module/vdpa_sim/parameters/use_va"

static void begin(struct netlink_message *m, uint16_t family, uint16_t flags, int command)
{
	const struct genlmsghdr generic = { .cmd = command, .version = FAMILY_VERSION };

	netlink_begin(m, family, flags, &generic, sizeof(generic));
}

static void add_text(struct netlink_message *m, int type, const char *text)
{
	netlink_add(m, type, text, strlen(text) + 1);
}

static int find_family(struct vdpa *v)
{
	struct netlink_message m;
	const uint16_t *family;
	int err;

	begin(&m, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY);
	add_text(&m, CTRL_ATTR_FAMILY_NAME, FAMILY);
	err = netlink_exchange(NETLINK_GENERIC, &m);
	if (err)
		return err;
	family = netlink_attribute(&m.header, GENL_HDRLEN, CTRL_ATTR_FAMILY_ID);
	v->family = family ? *family : 0;
	return family ? 0 : -EIO;
}

static int make(struct vdpa *v)
{
	struct netlink_message m;

	snprintf(v->name, sizeof(v->name), OURS "%d", getpid());
	begin(&m, v->family, NLM_F_ACK, CMD_DEV_NEW);
	add_text(&m, ATTR_MGMTDEV_DEV_NAME, PARENT);
	add_text(&m, ATTR_DEV_NAME, v->name);
	return netlink_exchange(NETLINK_GENERIC, &m);
}

static void remove_device(uint16_t family, const char *name)
{
	struct netlink_message m;

	begin(&m, family, NLM_F_ACK, CMD_DEV_DEL);
	add_text(&m, ATTR_DEV_NAME, name);
	netlink_exchange(NETLINK_GENERIC, &m);
}

/* The name of the character device is that of a directory. -ENODEV: another driver has it. */
static int open_device(const char *name)
{
	char pattern[128];

	snprintf(pattern, sizeof(pattern), DEVICES "%s/vhost-vdpa-*", name);
	return attribute_open_node(pattern, "/dev/", O_RDWR | O_CLOEXEC);
}

/*
 * A process that was killed could not remove its device. One of another container is there, and
 * has it open.
 */
static void remove_orphan(const struct vdpa *v, const char *name)
{
	int device;

	if (!kill(atoi(name + strlen(OURS)), 0) || errno != ESRCH)
		return;
	device = open_device(name);
	if (device < 0)
		return;
	close(device);
	remove_device(v->family, name);
}

static void remove_orphans(const struct vdpa *v)
{
	glob_t found;
	size_t i;

	if (glob(DEVICES OURS "*", 0, NULL, &found))
		return;
	for (i = 0; i < found.gl_pathc; i++)
		remove_orphan(v, found.gl_pathv[i] + strlen(DEVICES));
	globfree(&found);
}

static const char *advice(int err)
{
	if (err == -EPERM || err == -EACCES)
		return "run as root";
	return "modprobe vdpa_sim_net, vhost_vdpa, not virtio_vdpa: CONFIG_VDPA_SIM_NET";
}

/* A device that works with virtual addresses pins nothing. */
static bool uses_addresses(void)
{
	char answer[4];

	return attribute_line(USE_VA, answer, sizeof(answer)) && answer[0] == 'Y';
}

int vdpa_open(struct vdpa *v, char *why, size_t size)
{
	int err = find_family(v);

	if (!err && uses_addresses()) {
		snprintf(why, size, PARENT " pins nothing: set use_va=0 of vdpa_sim (CONFIG_VDPA_SIM)");
		return -1;
	}
	if (!err) {
		remove_orphans(v);
		err = make(v);
	}
	if (err) {
		snprintf(why, size, PARENT ": %s (%s)", strerror(-err), advice(err));
		return -1;
	}
	v->device = open_device(v->name);
	if (v->device >= 0)
		return 0;
	snprintf(why, size, "vhost-vdpa has no " PARENT ": %s (%s)", strerror(-v->device),
		 advice(v->device));
	remove_device(v->family, v->name);
	return -1;
}

void vdpa_close(struct vdpa *v)
{
	close(v->device);
	remove_device(v->family, v->name);
}
