/* SPDX-License-Identifier: GPL-2.0 */
/* The one table of pinners, by family; each names a struct pinner_ops of a pinner_*.c. */
#ifndef PFNMAP_PINNER_LIST_H
#define PFNMAP_PINNER_LIST_H

#define IO_URING_PINNERS(PINNER)	\
	PINNER(register_buffers)	\
	PINNER(register_buffers2)	\
	PINNER(buffers_update)		\
	PINNER(pbuf_ring)		\
	PINNER(uring)

#define DIRECT_IO_PINNERS(PINNER)	\
	PINNER(direct)			\
	PINNER(aio)			\
	PINNER(block)			\
	PINNER(block_aio)

#define COPY_PINNERS(PINNER)		\
	PINNER(buffered)

#define WALK_PINNERS(PINNER)		\
	PINNER(mlock)			\
	PINNER(populate_read)		\
	PINNER(populate_write)

#define REMOTE_PINNERS(PINNER)	\
	PINNER(process_vm)		\
	PINNER(process_vm_child)	\
	PINNER(proc_mem)

#define FUTEX_PINNERS(PINNER)		\
	PINNER(futex)

#define SPLICE_PINNERS(PINNER)	\
	PINNER(vmsplice)		\
	PINNER(vmsplice_gift)		\
	PINNER(zerocopy)

#define VFIO_PINNERS(PINNER)		\
	PINNER(type1)

#define GUP_PINNERS(PINNER)		\
	PINNER(get)			\
	PINNER(get_fast)		\
	PINNER(get_remote)		\
	PINNER(pin)			\
	PINNER(pin_fast)		\
	PINNER(pin_remote)		\
	PINNER(pin_unlocked)		\
	PINNER(pin_batched)

#endif
