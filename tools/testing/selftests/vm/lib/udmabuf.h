/* SPDX-License-Identifier: GPL-2.0 */
/* Dma-bufs that /dev/udmabuf makes of the pages of memfds. */
#ifndef PFNMAP_UDMABUF_H
#define PFNMAP_UDMABUF_H

#include <linux/udmabuf.h>
#include <stddef.h>

/* A memfd of @bytes as the driver wants it, one that cannot shrink; -1 and errno. */
int udmabuf_memfd(size_t bytes, unsigned int flags);

/* Makes one of parts of memfds, in that order. The fd of the dma-buf, or -errno. */
int udmabuf_create(const struct udmabuf_create_item *parts, unsigned int count);

/* What a user does about @err, of udmabuf_create(). */
const char *udmabuf_advice(int err);

#endif
