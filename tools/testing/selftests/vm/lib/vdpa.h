/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vDPA device without hardware, vdpasim_net, that belongs to this process: made and removed by
 * generic netlink (drivers/vdpa/vdpa.c), and opened by /dev/vhost-vdpa-N.
 */
#ifndef PFNMAP_VDPA_H
#define PFNMAP_VDPA_H

#include <stddef.h>
#include <stdint.h>

struct vdpa {
	int device;		/* of vhost-vdpa */
	uint16_t family;	/* of the netlink messages */
	char name[32];
};

/* Makes the device and opens it; 0, or -1 with the reason in @why. vdpa_close() removes it. */
int vdpa_open(struct vdpa *v, char *why, size_t size);
void vdpa_close(struct vdpa *v);

#endif
