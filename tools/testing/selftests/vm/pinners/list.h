/* SPDX-License-Identifier: GPL-2.0 */
/* The list of all pinners, by family. PINNER(name) stands for struct pinner_ops pinner_name. */
#ifndef PFNMAP_PINNERS_LIST_H
#define PFNMAP_PINNERS_LIST_H

#define IO_URING_PINNERS(PINNER)	\
	PINNER(register_buffers)	\
	PINNER(register_buffers2)	\
	PINNER(buffers_update)		\
	PINNER(buffers_vec)		\
	PINNER(pbuf_ring)		\
	PINNER(no_mmap)			\
	PINNER(mem_region)		\
	PINNER(uring)

#define DIRECT_IO_PINNERS(PINNER)	\
	PINNER(direct)			\
	PINNER(aio)			\
	PINNER(block)			\
	PINNER(block_aio)		\
	PINNER(virtio_9p)		\
	PINNER(nfs)			\
	PINNER(fat)			\
	PINNER(btrfs)			\
	PINNER(sg_io)			\
	PINNER(nvme_metadata)		\
	PINNER(nvme_fixed)		\
	PINNER(fuse)			\
	PINNER(fuse_dev)

/*
 * Those that hold pages between two calls, by FOLL_PIN, until the process ends; each is in its
 * family's list, too. Without buffers_vec, sendmsg_zc_fixed and nvme_fixed, which hold what
 * register_buffers holds.
 */
#define PROCESS_PINNERS(PINNER)		\
	PINNER(register_buffers)	\
	PINNER(register_buffers2)	\
	PINNER(buffers_update)		\
	PINNER(pbuf_ring)		\
	PINNER(no_mmap)			\
	PINNER(mem_region)		\
	PINNER(send_zc_fixed)		\
	PINNER(type1)			\
	PINNER(iommufd)			\
	PINNER(xdp)			\
	PINNER(rxe)			\
	PINNER(siw)			\
	PINNER(v4l2_capture)		\
	PINNER(v4l2_output)		\
	PINNER(vdpa)			\
	PINNER(pin)			\
	PINNER(pin_fast)		\
	PINNER(pin_remote)		\
	PINNER(pin_unlocked)		\
	PINNER(pin_batched)

/* And those whose pages a device holds, until it is removed. */
#define HOLDING_PINNERS(PINNER)		\
	PROCESS_PINNERS(PINNER)		\
	PINNER(ublk)

/* A disk with blocks that are larger than what memory must be aligned to; without cells. */
#define CUT_PINNERS(PINNER)		\
	PINNER(block_4k)		\
	PINNER(block_4k_aio)

#define COPY_PINNERS(PINNER)		\
	PINNER(buffered)

#define WALK_PINNERS(PINNER)		\
	PINNER(mlock)			\
	PINNER(populate_read)		\
	PINNER(populate_write)

#define REMOTE_PINNERS(PINNER)		\
	PINNER(process_vm)		\
	PINNER(process_vm_child)	\
	PINNER(proc_mem)		\
	PINNER(ptrace)			\
	PINNER(core_dump)		\
	PINNER(move_pages_query)	\
	PINNER(move_pages)		\
	PINNER(get_mempolicy)		\
	PINNER(perf_phys)		\
	PINNER(user_events)

#define FUTEX_PINNERS(PINNER)		\
	PINNER(futex)

#define SPLICE_PINNERS(PINNER)		\
	PINNER(vmsplice)		\
	PINNER(vmsplice_gift)		\
	PINNER(vmsplice_tee)		\
	PINNER(vmsplice_file)		\
	PINNER(vmsplice_socket)		\
	PINNER(vmsplice_to_user)	\
	PINNER(zerocopy)		\
	PINNER(zerocopy_udp)		\
	PINNER(zerocopy_vsock)		\
	PINNER(send_zc)			\
	PINNER(send_zc_fixed)		\
	PINNER(sendmsg_zc_fixed)	\
	PINNER(tls_send)		\
	PINNER(tls_recv)

#define VFIO_PINNERS(PINNER)		\
	PINNER(type1)			\
	PINNER(iommufd)

#define GUP_PINNERS(PINNER)		\
	PINNER(get)			\
	PINNER(get_fast)		\
	PINNER(get_remote)		\
	PINNER(pin)			\
	PINNER(pin_fast)		\
	PINNER(pin_remote)		\
	PINNER(pin_unlocked)		\
	PINNER(pin_batched)

#define GUP_TEST_PINNERS(PINNER)	\
	PINNER(gup_test_slow)		\
	PINNER(gup_test_fast)		\
	PINNER(gup_benchmark)		\
	PINNER(gup_benchmark_fast)

#define NET_PINNERS(PINNER)		\
	PINNER(xdp)			\
	PINNER(rxe)			\
	PINNER(rxe_odp)			\
	PINNER(siw)			\
	PINNER(rds_info)		\
	PINNER(rds_zerocopy)

#define ALG_PINNERS(PINNER)		\
	PINNER(alg_hash)		\
	PINNER(alg_cipher)		\
	PINNER(alg_aead)

#define DRIVER_PINNERS(PINNER)		\
	PINNER(v4l2_capture)		\
	PINNER(v4l2_output)		\
	PINNER(ublk)			\
	PINNER(vdpa)			\
	PINNER(vmci_queue)		\
	PINNER(vmci_notify)

#define KVM_PINNERS(PINNER)		\
	PINNER(kvm)

/* All pinners. */
#define PINNERS(PINNER)			\
	IO_URING_PINNERS(PINNER)	\
	DIRECT_IO_PINNERS(PINNER)	\
	COPY_PINNERS(PINNER)		\
	WALK_PINNERS(PINNER)		\
	REMOTE_PINNERS(PINNER)		\
	FUTEX_PINNERS(PINNER)		\
	SPLICE_PINNERS(PINNER)		\
	VFIO_PINNERS(PINNER)		\
	GUP_PINNERS(PINNER)		\
	GUP_TEST_PINNERS(PINNER)	\
	NET_PINNERS(PINNER)		\
	ALG_PINNERS(PINNER)		\
	DRIVER_PINNERS(PINNER)		\
	KVM_PINNERS(PINNER)

/* The program that runs the cells of each family: FAMILY(program, list of pinners). */
#define FAMILIES(FAMILY, PINNER)				\
	FAMILY(pfnmap_io_uring, IO_URING_PINNERS(PINNER))	\
	FAMILY(pfnmap_direct_io, DIRECT_IO_PINNERS(PINNER))	\
	FAMILY(pfnmap_copy, COPY_PINNERS(PINNER))		\
	FAMILY(pfnmap_walk, WALK_PINNERS(PINNER))		\
	FAMILY(pfnmap_remote, REMOTE_PINNERS(PINNER))		\
	FAMILY(pfnmap_futex, FUTEX_PINNERS(PINNER))		\
	FAMILY(pfnmap_splice, SPLICE_PINNERS(PINNER))		\
	FAMILY(pfnmap_vfio, VFIO_PINNERS(PINNER))		\
	FAMILY(pfnmap_gup, GUP_PINNERS(PINNER))			\
	FAMILY(pfnmap_gup_test, GUP_TEST_PINNERS(PINNER))	\
	FAMILY(pfnmap_net, NET_PINNERS(PINNER))			\
	FAMILY(pfnmap_alg, ALG_PINNERS(PINNER))			\
	FAMILY(pfnmap_driver, DRIVER_PINNERS(PINNER))		\
	FAMILY(pfnmap_kvm, KVM_PINNERS(PINNER))

#endif
