// SPDX-License-Identifier: GPL-2.0
/* Which changes and known defects this kernel has; see kernel.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "../lib/compiler.h"
#include "../lib/libc.h"
#include "../lib/pattern.h"
#include "kernel.h"

/*
 * Two pages of address space: the first one is a hole, the second one may not be read. NULL: no
 * memory.
 */
static char *hole_and_prot_none(void)
{
	char *pages = mmap(NULL, 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return NULL;
	munmap(pages, PAGE);
	return pages;
}

/*
 * A walk in order ends at the hole with ENOMEM; the older one goes on and meets the unreadable
 * page.
 */
static int probe_populate_in_order(void)
{
	char *pages = hole_and_prot_none();
	int err;

	if (!pages)
		return -1;
	err = madvise(pages, 2 * PAGE, MADV_POPULATE_READ) ? errno : 0;
	munmap(pages + PAGE, PAGE);
	return err == ENOMEM ? 1 : err == EINVAL ? 0 : -1;
}

/*
 * A page that was never touched has no PTE: ENOENT for folio_walk_start(), EFAULT for
 * follow_page().
 */
static int probe_folio_walk(void)
{
	void *page = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int status = 0;
	long err;

	if (page == MAP_FAILED)
		return -1;
	err = syscall(SYS_move_pages, 0, 1UL, &page, NULL, &status, 0);
	munmap(page, PAGE);
	if (err)
		return -1;
	return status == -ENOENT ? 1 : status == -EFAULT ? 0 : -1;
}

/* Reads a byte of the test's own memory by /proc/self/mem. Returns 0, or -errno. */
static int read_own_memory(const void *at)
{
	int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC), err = 0;
	char byte;

	if (mem < 0)
		return -errno;
	if (pread(mem, &byte, 1, (uintptr_t)at) != 1)
		err = -errno;
	close(mem);
	return err;
}

/*
 * Reads its own page, which may not be read: with FOLL_FORCE that succeeds. The release does not
 * tell: since the change it is an option, and PROC_MEM_ALWAYS_FORCE, its default, forces as before.
 */
static int probe_proc_mem_force_ptrace(void)
{
	void *page = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int err;

	if (page == MAP_FAILED)
		return 0;
	err = read_own_memory(page);
	munmap(page, PAGE);
	return err == -EIO;
}

/* The vdso is VM_DONTEXPAND and not VM_DONTCOPY, so that the advice changes nothing. */
static int probe_dofork_special(void)
{
	void *vdso = (void *)getauxval(AT_SYSINFO_EHDR);

	if (!vdso)
		return -1;
	if (!madvise(vdso, PAGE, MADV_DOFORK))
		return 0;
	return errno == EINVAL ? 1 : -1;
}

/* GUP-fast checks for memfd_secret in every kernel that is built with it, enabled or not. */
static int probe_fast_secretmem_folio(void)
{
	return access("/sys/module/secretmem", F_OK) ? 0 : -1;
}

/* KVM by PVM, which no mainline kernel has. */
static int probe_kvm_shows_secretmem(void)
{
	return !access("/sys/module/kvm_pvm", F_OK);
}

#define ENTRY(name_, ...)	\
	[name_] = { .name = #name_, __VA_ARGS__ }

const struct kernel_entry kernel_entries[NR_KERNEL_ENTRIES] = {
	ENTRY(LONGTERM_DAX_BY_VMA, .since = { 5, 11, 0 }, .commit = "52650c8b466b",
		.what = "FOLL_LONGTERM of filesystem DAX is refused by its vma; before, such a "
			"page made GUP drop all pages that it had taken"),
	ENTRY(FRAMES_LONGTERM, .since = { 5, 12, 0 }, .commit = "04769cb1c45a",
		.what = "video devices pin with FOLL_LONGTERM, and by GUP-fast first"),
	ENTRY(VFIO_BATCHES, .since = { 5, 12, 0 }, .commit = "4b6c33b32296",
		.what = "a type1 container pins pages in batches"),
	ENTRY(PINS_LEAVE_MOVABLE, .since = { 5, 13, 0 }, .commit = "d1e153fea2a8",
		.what = "a long-term pin moves pages out of ZONE_MOVABLE first"),
	ENTRY(DONTUNMAP_SHARED, .since = { 5, 13, 0 }, .commit = "a4609387859f",
		.what = "MREMAP_DONTUNMAP takes shared memory and files, not only private "
			"anonymous memory"),
	ENTRY(BLOCK_AIO_ERRNO, .since = { 5, 16, 0 }, .commit = "54a88eb838d3",
		.what = "asynchronous I/O on a block device returns the errno of a refused page, "
			"not EIO"),
	ENTRY(GEM_SHMEM_PFNMAP, .since = { 5, 16, 0 }, .commit = "8b93d1d7dbd5",
		.what = "the vma of a shmem buffer of DRM is VM_PFNMAP"),
	ENTRY(BTRFS_COPIES, .since = { 5, 16, 0 }, .commit = "51bd9563b678",
		.what = "btrfs takes pages without faults, and the CPU copies what is refused"),
	ENTRY(PFN_PTE_EEXIST, .since = { 5, 18, 0 }, .commit = "65462462ffb2",
		.what = "a PTE without a struct page is EEXIST, with FOLL_GET, too"),
	ENTRY(MEMPOLICY_FAST, .since = { 5, 18, 0 }, .commit = "f728b9c48d56",
		.what = "get_mempolicy() takes a page by GUP-fast first"),
	ENTRY(PINS_UNSHARE, .since = { 5, 19, 0 }, .commit = "a7f226604170",
		.what = "a pin for reading takes no anonymous page that another process has, "
			"too"),
	ENTRY(MOVE_PAGES_GETS, .since = { 5, 19, 0 }, .commit = "4cd614841c06",
		.what = "move_pages() takes a reference to ask for a node, and so finds pages of "
			"ZONE_DEVICE"),
	ENTRY(UDP_ZEROCOPY_WHOLE, .since = { 6, 0, 0 }, .commit = "8eb77cc73977",
		.what = "MSG_ZEROCOPY of UDP copies no bytes at the start of a packet"),
	ENTRY(RDMA_READ_ONLY, .since = { 6, 2, 0 }, .commit = "b40656aa7dfe",
		.what = "RDMA pins what it only reads without FOLL_WRITE and FOLL_FORCE"),
	ENTRY(LONGTERM_UNSHARE, .since = { 6, 2, 0 }, .commit = "84209e87c696",
		.what = "a long-term pin for reading breaks COW in a private mapping"),
	ENTRY(FRAMES_NOT_FORCED, .since = { 6, 2, 0 }, .commit = "e2fc6edd37ba",
		.what = "video devices pin without FOLL_FORCE, and with FOLL_WRITE only what "
			"they write to"),
	ENTRY(PIN_WITHOUT_VMAS, .since = { 6, 5, 0 }, .commit = "4c630f307455",
		.what = "pin_user_pages() returns no vmas, so io_uring cannot refuse files by "
			"their vma"),
	ENTRY(WRITABLE_FILE_MAPPING, .since = { 6, 5, 0 }, .commit = "8ac268436e6d",
		.what = "a long-term pin for writing to a dirty-tracked file mapping is refused"),
	ENTRY(FAST_FOLIO_ALLOWED, .since = { 6, 5, 0 }, .commit = "a6e79df92e4a",
		.what = "GUP-fast leaves long-term writes to pages without a mapping to the slow "
			"walk"),
	ENTRY(ALG_HASH_WHOLE, .since = { 6, 5, 0 }, .commit = "c662b043cdca",
		.what = "AF_ALG hashes nothing of a message of which one page is refused"),
	ENTRY(BIO_PINS, .since = { 6, 5, 0 }, .commit = "a7e689dd1c06",
		.what = "bios take user pages with FOLL_PIN, not FOLL_GET"),
	ENTRY(SIW_IB_UMEM, .since = { 6, 8, 0 }, .commit = "476b7c7e00ec",
		.what = "siw pins by ib_umem_get(), and so by GUP-fast first"),
	ENTRY(METADATA_PINNED, .since = { 6, 8, 0 }, .commit = "492c5d455969",
		.what = "metadata of a passthrough command is pinned, not copied"),
	ENTRY(POPULATE_IN_ORDER, .since = { 6, 9, 0 }, .commit = "631426ba1d45",
		.what = "MADV_POPULATE ends at a hole; before, a hole was reported after all "
			"else",
		.probe = probe_populate_in_order),
	ENTRY(FAST_SECRETMEM_FOLIO, .since = { 6, 10, 0 }, .fixed = { 7, 3, 0 },
		.commit = "f002882ca369",
		.what = "GUP-fast leaves small pages without a mapping to the slow walk, for "
			"memfd_secret",
		.probe = probe_fast_secretmem_folio),
	ENTRY(MEMFD_PINNED, .since = { 6, 11, 0 }, .commit = "c6a3194c05e7",
		.what = "udmabuf pins the pages of a memfd for the long term"),
	ENTRY(UDMABUF_PFNMAP, .since = { 6, 11, 0 }, .commit = "7d79cd784470",
		.what = "the vma of a udmabuf is VM_PFNMAP"),
	ENTRY(FOLIO_WALK, .since = { 6, 12, 0 }, .commit = "46d6a9b4450b",
		.what = "move_pages() uses folio_walk_start(): what has no PTE is ENOENT",
		.probe = probe_folio_walk),
	ENTRY(PROC_MEM_FORCE_PTRACE, .since = { 6, 12, 0 }, .commit = "41e8149c8892",
		.what = "/proc/PID/mem overrides protection for a tracer only, as configured",
		.probe = probe_proc_mem_force_ptrace),
	ENTRY(CLONES_BUFFERS, .since = { 6, 12, 0 }, .commit = "7cc2a6eadcd7",
		.what = "rings can share registered buffers"),
	ENTRY(VFIO_HUGE_FAULTS, .since = { 6, 12, 0 }, .commit = "f9e54c3a2f5b",
		.what = "vfio maps a BAR by the PMD where it can"),
	ENTRY(KVM_NO_PFN_REFS, .since = { 6, 13, 0 }, .commit = "8b15c3764c05",
		.what = "KVM takes no reference to a page that it finds by its PFN: tail pages "
			"are taken, too"),
	ENTRY(CLONES_REPLACE, .since = { 6, 13, 0 }, .commit = "c1329532d5aa",
		.what = "a ring's buffers can be replaced by another ring's"),
	ENTRY(BTRFS_COPIES_PAGES, .since = { 6, 13, 0 }, .fixed = { 7, 2, 0 },
		.commit = "c87c299776e4",
		.what = "btrfs copies one page at a time, until it has large folios"),
	ENTRY(BLK_MAP_BY_BIO, .since = { 6, 14, 0 }, .commit = "6aeb4f836480",
		.what = "passthrough commands fill their bios as files do: of two iovecs the page "
			"that is refused is asked for again"),
	ENTRY(PERF_REMAPPED, .since = { 6, 14, 0 }, .commit = "b709eb872e19",
		.what = "the ring of a perf event is mapped by remap_pfn_range(), not on fault"),
	ENTRY(BTRFS_ANY_ERRNO, .since = { 6, 15, 0 }, .commit = "bc264fea0f6f",
		.what = "fs/iomap/iter.c: the errno of btrfs_dio_iomap_end() replaces that of a "
			"refused page, and the CPU copies"),
	ENTRY(BIO_ONE_PGMAP, .since = { 7, 0, 0 }, .commit = "12da89e8844a",
		.what = "a bio ends where pages of another pgmap begin: asynchronous I/O on a "
			"block device is short there"),
	ENTRY(DOFORK_SPECIAL, .since = { 7, 0, 0 }, .commit = "0b2758f48f22",
		.what = "MADV_DOFORK is refused for every special vma, not only for VM_IO",
		.probe = probe_dofork_special),
	ENTRY(RDS_INFO_EXTRACTS, .since = { 7, 2, 0 }, .commit = "6e94eeb2a2a6",
		.what = "RDS pins for its counters by iov_iter_extract_pages(), and keeps the "
			"errno"),
	ENTRY(RING_ROOT_UNCHARGED, .since = { 7, 2, 0 }, .commit = "df0a52537c0f",
		.what = "VmPin does not count registered buffers of a ring with CAP_IPC_LOCK"),
	ENTRY(MINCORE_ENTERS, .since = { 7, 3, 0 }, .commit = "",
		.what = "mincore() by walk_page_range_vma(), which enters VM_PFNMAP"),
	ENTRY(BLOCK_AIO_STATUS, .since = { 7, 3, 0 }, .commit = "",
		.what = "block/fops.c: of an errno what errno_to_blk_status() knows is kept"),

	ENTRY(ACCESS_PAST_PAGE, .since = { 2, 6, 0 }, .commit = "",
		.what = "mm/memory.c, __access_remote_vm(): vm_ops->access is asked for bytes "
			"past the end of the page and of the vma"),
	ENTRY(ALG_HASH_LOSES_BYTES, .since = { 2, 6, 0 }, .commit = "",
		.what = "crypto/algif_hash.c, hash_sendmsg(): what it counted as sent before a "
			"page that is refused is not in the digest"),
	ENTRY(P9_UNKILLABLE, .since = { 3, 2, 0 }, .fixed = { 6, 8, 0 }, .commit = "",
		.what = "net/9p/client.c, p9_client_zc_rpc() clears TIF_SIGPENDING: who is killed "
			"while GUP waits for a page stays for ever, and so does the reboot"),
	ENTRY(VFIO_KEEPS_RESERVED, .since = { 4, 5, 0 }, .commit = "",
		.what = "drivers/vfio/vfio_iommu_type1.c, put_pfn(): pins of PageReserved pages, "
			"as those of device DAX, are not charged and never given back"),
	ENTRY(RDS_PUTS_TWICE, .since = { 4, 17, 0 }, .fixed = { 7, 1, 0 },
		.stable_fixed = { { 5, 10, 258 }, { 5, 15, 209 }, { 6, 1, 175 }, { 6, 6, 141 },
				  { 6, 12, 91 }, { 6, 18, 33 }, { 7, 0, 10 } },
		.commit = "0cebaccef3ac",
		.what = "net/rds/message.c, rds_message_zcopy_from_user(): the pages before a "
			"refused one are put twice, until e17492979319"),
	ENTRY(XDP_OVERCHARGES, .since = { 4, 18, 0 }, .commit = "",
		.what = "net/xdp/xdp_umem.c, xdp_umem_pin_pages(): of a partly pinned UMEM only "
			"the pages that were pinned are taken off the user's charge"),
	ENTRY(SIW_KEEPS_PAGES, .since = { 5, 3, 0 }, .commit = "",
		.what = "drivers/infiniband/sw/siw/siw_verbs.c, siw_reg_user_mr(): the pages are "
			"not unpinned when there is no memory for struct siw_mem"),
	ENTRY(PFN_SLOT_UNWRITTEN, .since = { 5, 6, 0 }, .fixed = { 5, 18, 0 },
		.commit = "eddb1c228f79",
		.what = "mm/gup.c: FOLL_PIN leaves the slot of a special PTE in pages[] unwritten, "
			"until 7196040e19ad"),
	ENTRY(HUGE_PFN_NOT_SPECIAL, .since = { 5, 7, 0 }, .fixed = { 6, 0, 0 }, .commit = "",
		.what = "mm/huge_memory.c, insert_pfn_pmd(): the PMD of a VM_PFNMAP vma is not "
			"special, and GUP-fast takes it, until 7da4e2cb8b1f keeps huge faults "
			"from such a vma; drivers/gpu/drm/ttm has such PMDs until 0d979509539e"),
	ENTRY(FOLLOW_PTE_BUG_ON_PMD, .since = { 5, 7, 0 }, .fixed = { 6, 0, 0 }, .commit = "",
		.what = "mm/memory.c, follow_pte(): with CONFIG_DEBUG_VM the PMD of a VM_PFNMAP "
			"vma is a VM_BUG_ON(), until 7da4e2cb8b1f"),
	ENTRY(NFS_LOSES_ERRNO, .since = { 5, 10, 0 }, .commit = "",
		.what = "fs/nfs/direct.c, nfs_write_sync_pgio_error(): of a request that could "
			"not be made the errno is lost, and the call returns 0"),
	ENTRY(MEMORY_TYPE_KEPT, .since = { 5, 10, 0 }, .fixed = { 6, 16, 0 }, .commit = "",
		.what = "arch/x86/mm/pat/memtype_interval.c, memtype_erase(): memory whose first "
			"pages are unmapped first keeps its type reserved, until f8e97613fed2"),
	ENTRY(COPY_KEEPS_FROM_FORK, .since = { 5, 10, 0 }, .fixed = { 6, 16, 0 }, .commit = "",
		.what = "arch/x86/mm/pat/memtype.c, get_pat_info(): fork() is ENOMEM when the "
			"first page of a private VM_PFNMAP vma is a copy, until f8e97613fed2"),
	ENTRY(VDPA_KEEPS_PINS, .since = { 5, 10, 0 }, .commit = "",
		.what = "drivers/vhost/vdpa.c, vhost_vdpa_pa_map(): of scattered pages the last "
			"run of a batch is never unpinned when the next batch is refused"),
	ENTRY(VFIO_FRAME_ZERO, .since = { 5, 12, 0 }, .commit = "",
		.what = "drivers/vfio/vfio_iommu_type1.c, vfio_pin_pages_remote(): frame 0 is "
			"taken for none yet, and the device gets frame 1 for it"),
	/* Which stable release took its fix was not looked up; 6.1.192 has it. */
	ENTRY(VFIO_OWNER_UNCHARGED, .since = { 5, 12, 0 }, .fixed = { 6, 3, 0 },
		.stable_fixed = { { 6, 1, 192 } }, .commit = "c3cbab24db38",
		.what = "drivers/vfio/vfio_iommu_type1.c, vfio_dma_do_map(): the process that "
			"gives memory a new address is not charged, until 90fdd158a695"),
	ENTRY(HMM_TAKES_SECRETMEM, .since = { 5, 14, 0 }, .commit = "1507f51255c9",
		.what = "mm/hmm.c, hmm_vma_walk_test() takes memfd_secret: a device that would then "
			"read it in software, as rxe does, would kill the kernel"),
	/* Which stable series took its fix was looked up for 6.12 only. */
	ENTRY(IO_BUFFERS_KEEP_PAGES, .since = { 5, 19, 0 }, .fixed = { 6, 16, 0 },
		.stable_fixed = { { 6, 12, 36 } }, .commit = "d8c2237d0aa9",
		.what = "io_uring/rsrc.c, io_sqe_buffer_register(): the pages are not unpinned "
			"when there is no memory for their table, until e1c75831f682"),
	ENTRY(DAX_TAILS_UNINITIALIZED, .since = { 5, 19, 0 }, .fixed = { 7, 2, 0 },
		.stable_fixed = { { 6, 1, 184 }, { 6, 6, 145 }, { 6, 12, 97 }, { 6, 18, 40 },
				  { 7, 1, 5 } },
		.commit = "6fd3620b3428",
		.what = "mm/mm_init.c, compound_nr_pages(): of a huge page of device DAX beside "
			"boot memory only 128 struct pages are initialized, until cd681403a870"),
	ENTRY(WALK_REFUSES_P2PDMA, .since = { 6, 2, 0 }, .commit = "4003f107fa2e",
		.what = "mm/gup.c, try_grab_folio() refuses P2PDMA memory to walks that take no "
			"page: mlock() is EREMOTEIO, MADV_POPULATE_READ ENOMEM with a warning"),
	ENTRY(BLK_MAP_KEEPS_MEMORY, .since = { 6, 5, 0 }, .fixed = { 6, 14, 0 },
		.commit = "403b6fb8dac1",
		.what = "block/blk-map.c, bio_map_user_iov(): the pages[] that was made for a "
			"refused page is not freed, since 403b6fb8dac1"),
	ENTRY(METADATA_SHORT_PIN, .since = { 6, 8, 0 }, .fixed = { 7, 1, 0 },
		.stable_fixed = { { 6, 12, 92 }, { 6, 18, 34 }, { 7, 0, 11 } },
		.commit = "492c5d455969",
		.what = "block/bio-integrity.c, bio_integrity_map_user(): a partial pin is taken "
			"for a whole one, and a NULL pointer is dereferenced, until 8582792cf23b"),
	ENTRY(NETFS_LOSES_ERRNO, .since = { 6, 8, 0 }, .fixed = { 7, 1, 0 },
		.stable_fixed = { { 6, 12, 91 }, { 6, 18, 33 }, { 7, 0, 10 } },
		.commit = "85dd2c8ff368",
		.what = "fs/netfs/iterator.c, netfs_extract_user_iter(): the errno of a refused "
			"page is lost, a write is 0 bytes, a read EIO, until 0aad5704c6b4"),
	ENTRY(UDMABUF_KEEPS_FOLIOS, .since = { 6, 11, 0 }, .fixed = { 6, 13, 0 }, .commit = "",
		.what = "drivers/dma-buf/udmabuf.c, udmabuf_pin_folios(): what was pinned is kept "
			"when there is no memory for its list, until 6b68b74a081b"),
	ENTRY(IOMAP_TAIL_ZEROED, .since = { 6, 12, 0 }, .fixed = { 7, 3, 0 },
		.stable_fixed = { { 6, 12, 118 } }, .commit = "10553a91652d",
		.what = "fs/iomap/direct-io.c, iomap_dio_bio_iter(): zeroing the tail of a block "
			"overwrites the errno of a refused page"),
	ENTRY(CLONES_UNCHARGE, .since = { 6, 12, 0 }, .fixed = { 7, 2, 0 }, .commit = "",
		.what = "io_uring/rsrc.c, headpage_already_acct(): a buffer in the huge page of a "
			"clone is not charged, and the charge goes with the clone"),
	ENTRY(KVM_SHOWS_SECRETMEM, .commit = "",
		.what = "virt/kvm/kvm_main.c, hva_to_pfn(): KVM by PVM, which is not mainline's, "
			"shows a virtual machine what memfd_secret is to hide",
		.probe = probe_kvm_shows_secretmem),
	ENTRY(METADATA_PINS_BACKWARDS, .since = { 6, 13, 0 }, .stable = { { 6, 12, 92 } },
		.fixed = { 6, 16, 0 }, .commit = "fe8f4ca7107e",
		.what = "block/blk-integrity.c, blk_rq_integrity_map_user(): memory that a "
			"command will write to is pinned to be read, up to 43a67dd812c5"),
	ENTRY(IOMAP_LOSES_ERRNO, .since = { 6, 15, 0 }, .fixed = { 6, 18, 0 },
		.stable_fixed = { { 6, 17, 4 } }, .commit = "bc264fea0f6f",
		.what = "fs/ext4/inode.c, ext4_iomap_end(): a write loses the errno of a refused "
			"page and goes through the page cache, until 963845748fe6"),
	ENTRY(ODP_MISPLACES_BYTES, .since = { 6, 15, 0 }, .commit = "",
		.what = "drivers/infiniband/sw/rxe/rxe_odp.c, __rxe_odp_mr_copy() copies from and to "
			"the start of a page, whatever the offset, and each page over the last"),
	ENTRY(DAX_BIO_MIXED, .since = { 6, 16, 0 }, .fixed = { 7, 0, 0 }, .commit = "",
		.what = "block/bio.c: pages of DAX and others are joined in a bio: wrong bytes "
			"are written and read, then lib/iov_iter.c BUGs, until 12da89e8844a"),
	ENTRY(BIO_CUT_KEEPS_PINS, .since = { 6, 18, 0 }, .commit = "",
		.what = "block/bio.c, bio_iov_iter_align_down(): what is no whole block is cut "
			"off a bio, and of the pages of one bvec no more than one is unpinned"),
	ENTRY(UBLK_UNCHARGED, .since = { 7, 1, 0 }, .commit = "",
		.what = "drivers/block/ublk_drv.c, ublk_ctrl_reg_buf(): pages are pinned for the "
			"long term, and RLIMIT_MEMLOCK does not count"),
	ENTRY(CLONES_MISCHARGED, .since = { 7, 2, 0 }, .commit = "",
		.what = "io_uring/rsrc.c, io_buffer_unmap(): each ring counts the buffers of a "
			"huge page for itself, and a clone takes off what was charged for others, "
			"or leaves it for ever: VmPin wraps"),
};

/* What is known without the version. */
enum answer { UNASKED, UNKNOWN, NO, YES };

static struct {
	bool known;
	struct release release;
	enum answer answers[NR_KERNEL_ENTRIES];
	enum kernel_change flipped;
} kernel;

static struct release read_release(const char *text)
{
	struct release r = {};

	if (sscanf(text, "%u.%u.%u", &r.major, &r.minor, &r.sublevel) < 2)
		return (struct release){};
	return r;
}

/*
 * Debian's release is "6.1.0-56-amd64"; the stable release is in its version: "#1 SMP ... Debian
 * 6.1.192-1".
 */
static struct release running_release(void)
{
	struct release r = {}, debian;
	struct utsname name;
	const char *at;

	if (uname(&name))
		return r;
	r = read_release(name.release);
	at = strstr(name.version, "Debian ");
	if (!at || r.sublevel)
		return r;
	debian = read_release(at + strlen("Debian "));
	return debian.major == r.major && debian.minor == r.minor ? debian : r;
}

static enum kernel_change entry_named(const char *name, size_t len)
{
	size_t i;

	for (i = NO_CHANGE + 1; i < NR_KERNEL_ENTRIES; i++)
		if (!strncmp(kernel_entries[i].name, name, len) && !kernel_entries[i].name[len])
			return i;
	return NO_CHANGE;
}

/* "NAME=1" or "NAME=0", @len bytes: decides that entry. */
static bool decide_one(const char *text, size_t len)
{
	size_t name = strcspn(text, "=");
	enum kernel_change c = name < len ? entry_named(text, name) : NO_CHANGE;

	if (c == NO_CHANGE || len != name + 2)
		return false;
	if (text[name + 1] != '0' && text[name + 1] != '1')
		return false;
	kernel.answers[c] = text[name + 1] == '1' ? YES : NO;
	return true;
}

/* "NAME=1,NAME=0": decides those entries. Returns the first one that cannot be read, or NULL. */
static const char *decide(const char *text)
{
	size_t len;

	for (; *text; text += len + 1) {
		len = strcspn(text, ",");
		if (!decide_one(text, len) || !strcmp(text + len, ","))
			return text;
		if (!text[len])
			break;
	}
	return NULL;
}

const char *kernel_learn(void)
{
	const char *decided = getenv("PFNMAP_KERNEL_HAS");

	kernel.known = true;
	kernel.release = running_release();
	return decided ? decide(decided) : NULL;
}

static bool at_least(struct release have, struct release want)
{
	if (have.major != want.major)
		return have.major > want.major;
	if (have.minor != want.minor)
		return have.minor > want.minor;
	return have.sublevel >= want.sublevel;
}

/* Does release @have include a change of mainline @since and of the @stable releases? */
static bool came(struct release have, struct release since, const struct release *stable, size_t n)
{
	size_t i;

	if (since.major && at_least(have, since))
		return true;
	for (i = 0; i < n; i++)
		if (stable[i].major == have.major && stable[i].minor == have.minor &&
		    have.sublevel >= stable[i].sublevel)
			return true;
	return false;
}

static bool by_release(const struct kernel_entry *e)
{
	if (!came(kernel.release, e->since, e->stable, ARRAY_SIZE(e->stable)))
		return false;
	return !e->fixed.major ||
	       !came(kernel.release, e->fixed, e->stable_fixed, ARRAY_SIZE(e->stable_fixed));
}

static enum answer ask(const struct kernel_entry *e)
{
	int has = e->probe ? e->probe() : -1;

	return has < 0 ? UNKNOWN : has ? YES : NO;
}

bool kernel_has(enum kernel_change c)
{
	const struct kernel_entry *e = &kernel_entries[c];
	bool has;

	if (c == NO_CHANGE)
		return false;
	if (!kernel.known)
		kernel_learn();
	if (kernel.answers[c] == UNASKED)
		kernel.answers[c] = ask(e);
	has = kernel.answers[c] == UNKNOWN ? by_release(e) : kernel.answers[c] == YES;
	return has != (kernel.flipped == c);
}

const char *kernel_describe(char *text, size_t size)
{
	const char *separator = " ";
	size_t i, len;

	kernel_has(NO_CHANGE + 1);
	len = snprintf(text, size, "%u.%u.%u", kernel.release.major, kernel.release.minor,
		       kernel.release.sublevel);
	for (i = NO_CHANGE + 1; i < NR_KERNEL_ENTRIES && len < size; i++) {
		kernel_has(i);
		if (kernel.answers[i] == UNKNOWN)
			continue;
		len += snprintf(text + len, size - len, "%s%s=%d", separator,
				kernel_entries[i].name, kernel.answers[i] == YES);
		separator = ",";
	}
	return text;
}

bool kernel_pretend(const char *description)
{
	const char *decided = strchr(description, ' ');
	size_t i;

	kernel.known = true;
	kernel.flipped = NO_CHANGE;
	kernel.release = read_release(description);
	for (i = 0; i < NR_KERNEL_ENTRIES; i++)
		kernel.answers[i] = UNKNOWN;
	return kernel.release.major && (!decided || !decide(decided + 1));
}

void kernel_flip(enum kernel_change c)
{
	kernel.flipped = kernel.flipped == c ? NO_CHANGE : c;
}
