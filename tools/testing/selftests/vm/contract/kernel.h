/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which changes and which known defects this kernel has. This is the only place that reads the
 * kernel's version. A probe, where there is one, decides over the version: stable kernels and
 * distributions backport. PFNMAP_KERNEL_HAS in the environment decides over both, for kernels that
 * the table does not know:
 *
 *	PFNMAP_KERNEL_HAS="FOLIO_WALK=1,KVM_NO_PFN_REFS=0"
 */
#ifndef PFNMAP_KERNEL_H
#define PFNMAP_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

/* Changes first, then defects, each in the order of their releases. */
#define KERNEL_CHANGES(X)		\
	X(LONGTERM_DAX_BY_VMA)		\
	X(FRAMES_LONGTERM)		\
	X(VFIO_BATCHES)			\
	X(PINS_LEAVE_MOVABLE)		\
	X(DONTUNMAP_SHARED)		\
	X(BLOCK_AIO_ERRNO)		\
	X(GEM_SHMEM_PFNMAP)		\
	X(BTRFS_COPIES)			\
	X(PFN_PTE_EEXIST)		\
	X(MEMPOLICY_FAST)		\
	X(PINS_UNSHARE)			\
	X(MOVE_PAGES_GETS)		\
	X(UDP_ZEROCOPY_WHOLE)		\
	X(RDMA_READ_ONLY)		\
	X(LONGTERM_UNSHARE)		\
	X(FRAMES_NOT_FORCED)		\
	X(PIN_WITHOUT_VMAS)		\
	X(WRITABLE_FILE_MAPPING)	\
	X(FAST_FOLIO_ALLOWED)		\
	X(ALG_HASH_WHOLE)		\
	X(BIO_PINS)			\
	X(SIW_IB_UMEM)			\
	X(METADATA_PINNED)		\
	X(POPULATE_IN_ORDER)		\
	X(FAST_SECRETMEM_FOLIO)		\
	X(MEMFD_PINNED)			\
	X(UDMABUF_PFNMAP)		\
	X(FOLIO_WALK)			\
	X(PROC_MEM_FORCE_PTRACE)	\
	X(CLONES_BUFFERS)		\
	X(VFIO_HUGE_FAULTS)		\
	X(KVM_NO_PFN_REFS)		\
	X(CLONES_REPLACE)		\
	X(BTRFS_COPIES_PAGES)		\
	X(BLK_MAP_BY_BIO)		\
	X(PERF_REMAPPED)		\
	X(BTRFS_ANY_ERRNO)		\
	X(BIO_ONE_PGMAP)		\
	X(DOFORK_SPECIAL)		\
	X(RDS_INFO_EXTRACTS)		\
	X(RING_ROOT_UNCHARGED)		\
	X(MINCORE_ENTERS)		\
	X(BLOCK_AIO_STATUS)

#define KERNEL_DEFECTS(X)		\
	X(ACCESS_PAST_PAGE)		\
	X(ALG_HASH_LOSES_BYTES)		\
	X(P9_UNKILLABLE)		\
	X(VFIO_KEEPS_RESERVED)		\
	X(RDS_PUTS_TWICE)		\
	X(XDP_OVERCHARGES)		\
	X(SIW_KEEPS_PAGES)		\
	X(PFN_SLOT_UNWRITTEN)		\
	X(HUGE_PFN_NOT_SPECIAL)		\
	X(FOLLOW_PTE_BUG_ON_PMD)	\
	X(NFS_LOSES_ERRNO)		\
	X(MEMORY_TYPE_KEPT)		\
	X(COPY_KEEPS_FROM_FORK)		\
	X(VDPA_KEEPS_PINS)		\
	X(VFIO_FRAME_ZERO)		\
	X(VFIO_OWNER_UNCHARGED)		\
	X(HMM_TAKES_SECRETMEM)		\
	X(IO_BUFFERS_KEEP_PAGES)	\
	X(DAX_TAILS_UNINITIALIZED)	\
	X(WALK_REFUSES_P2PDMA)		\
	X(BLK_MAP_KEEPS_MEMORY)		\
	X(METADATA_SHORT_PIN)		\
	X(NETFS_LOSES_ERRNO)		\
	X(UDMABUF_KEEPS_FOLIOS)		\
	X(IOMAP_TAIL_ZEROED)		\
	X(CLONES_UNCHARGE)		\
	X(KVM_SHOWS_SECRETMEM)		\
	X(METADATA_PINS_BACKWARDS)	\
	X(IOMAP_LOSES_ERRNO)		\
	X(ODP_MISPLACES_BYTES)		\
	X(DAX_BIO_MIXED)		\
	X(BIO_CUT_KEEPS_PINS)		\
	X(UBLK_UNCHARGED)		\
	X(CLONES_MISCHARGED)

enum kernel_change {
	NO_CHANGE,
#define X(name) name,
	KERNEL_CHANGES(X)
	NR_KERNEL_CHANGES,	/* the defects follow */
	LAST_KERNEL_CHANGE = NR_KERNEL_CHANGES - 1,
	KERNEL_DEFECTS(X)
#undef X
	NR_KERNEL_ENTRIES
};

struct release {
	unsigned int major, minor, sublevel;
};

/* A change, or a defect: what kernels do from one release on. */
struct kernel_entry {
	const char *name;
	const char *commit;		/* that made it so; "": only measured */
	const char *what;		/* for a defect: file, function, and what goes wrong */
	struct release since;		/* first mainline release that has it, or 0.0 */
	struct release stable[4];	/* first release of each stable series that has it, too */
	struct release fixed;		/* first mainline release without it again, or 0.0 */
	struct release stable_fixed[8];
	/*
	 * 1 when the running kernel has it, 0 when not, -1 when that cannot be told; NULL: no
	 * probe.
	 */
	int (*probe)(void);
};

/* By enum kernel_change. */
extern const struct kernel_entry kernel_entries[NR_KERNEL_ENTRIES];

/*
 * Finds out which kernel runs; the first kernel_has() does it, too. Returns NULL, or the rest of
 * PFNMAP_KERNEL_HAS from the first entry on that cannot be read.
 */
const char *kernel_learn(void);

/* True when this kernel has it. */
bool kernel_has(enum kernel_change c);

/*
 * What decides kernel_has(), as text: the release, and the answers of probes and of the
 * environment. Returns @text, which holds @size bytes.
 */
const char *kernel_describe(char *text, size_t size);

/* From now on answers for the kernel with that description. False when the text cannot be read. */
bool kernel_pretend(const char *description);

/* From now on gives the opposite answer for @c; a second call ends that. */
void kernel_flip(enum kernel_change c);

#endif
