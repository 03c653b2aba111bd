/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules: from what a mapping and a pinner are follows what the kernel owes. Nobody else knows an
 * errno that depends on a kernel version.
 */
#ifndef PFNMAP_CONTRACT_H
#define PFNMAP_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "../lib/layout.h"
#include "../mappings/mapping.h"

/* What becomes of the good pages before the first one that is refused. */
enum partial {
	ALL_OR_NOTHING,		/* given back; the call fails */
	WHOLE_IOVECS,		/* the iovecs before it are kept and counted, the error is lost */
	REST_BY_CPU,		/* their bytes move, and the CPU copies the rest */
	SHORT_COUNT,		/* their bytes move, the call is short */
};

/* Where a pinner that faults nothing in looks. */
enum finds {
	FINDS_NOTHING,		/* it does fault in */
	FINDS_ANY,		/* in any vma */
	FINDS_MIGRATABLE,	/* not in those that vma_migratable() leaves out */
	FINDS_BY_FAST_WALK,	/* in PTEs only */
};

/* Pieces of the kernel that a defect is known of. */
enum code {
	CODE_ANY,
	CODE_IOMAP,		/* fs/iomap/direct-io.c */
	CODE_UMEM,		/* net/xdp/xdp_umem.c */
	CODE_BUFFERS,		/* io_uring/rsrc.c, io_sqe_buffer_register() */
	CODE_SIW,		/* drivers/infiniband/sw/siw */
	CODE_HASH,		/* crypto/algif_hash.c */
	CODE_PASSTHROUGH,	/* block/blk-map.c */
	CODE_METADATA,		/* block/blk-integrity.c */
	CODE_NFS,		/* fs/nfs/direct.c */
};

struct kernel_version {
	unsigned int major, minor;
};

/* Where kernels differ, in the order in which they came to. */
enum change {
	NO_CHANGE,
	UMEM_SPARES_COW,
	LASTING_READS_BREAK_COW,
	FRAMES_ARE_NOT_FORCED,
	VMAS_ARE_HIDDEN,
	LASTING_WRITES_SPARE_FILES,
	FAST_LASTING_WRITES_WANT_MAPPING,
	HASHES_ARE_WHOLE,
	SIW_USES_UMEM,
	METADATA_IS_MAPPED,
	FAST_WANTS_MAPPING,
	HOLES_COME_IN_ORDER,
	PAGES_ARE_WALKED,
	KVM_COUNTS_NO_FRAMES,
	NR_CHANGES
};

struct contract_change {
	struct kernel_version since;	/* first release that has it */
	const char *commit;		/* or "", where it was measured only */
	const char *what;
};

/* By enum change. */
extern const struct contract_change contract_changes[NR_CHANGES];

/* Why a page is refused. */
enum refusal {
	NOT_REFUSED,
	BY_HOLE,		/* there is no vma */
	BY_VMA,			/* check_vma_flags() */
	BY_DAX,			/* the same, for a filesystem's memory that would be held for long */
	BY_FAULT,		/* the fault that would bring it in fails */
	BY_PTE,			/* there is a PTE, and no struct page */
	NR_REFUSALS
};

/* By enum refusal: for pinners that make the same errno of whatever GUP says. */
#define ONE_ERRNO(err) { [BY_HOLE ... NR_REFUSALS - 1] = (err) }
extern const int efault_errnos[NR_REFUSALS];

/* How a pinner takes pages. */
struct pinner_props {
	bool copies;		/* does not pin at all: the CPU copies */
	enum change copies_before; /* the same, up to that change */
	bool fast;		/* tries GUP-fast, which sees PTEs and no vma */
	enum change fast_since;	/* the same, from that change on */
	enum finds finds;	/* takes what is there, and faults nothing in */
	bool writes;		/* pins for write: the kernel will store into the pages */
	bool longterm;		/* FOLL_LONGTERM */
	bool force;		/* FOLL_FORCE */
	enum change forces_before; /* the same, up to that change */
	enum change breaks_cow_before; /* pins for write and by force, also to read */
	bool no_pages;		/* wants no pages[]: all that it walks over is present then, and not held */
	bool holes_last;	/* before 6.9: comes to a hole when all else is walked */
	bool passes_refusing;	/* a walk that leaves out the vmas that check_vma_flags() refuses */
	const int *errnos;	/* by enum refusal; NULL: as GUP has them */
	bool charged;		/* what it holds is charged to RLIMIT_MEMLOCK, on some kernels only */
	bool vm_pin;		/* what it holds moves VmPin */
	bool by_page;		/* it does so page by page, also in a compound page */
	bool vm_lck;		/* what it holds moves VmLck, but for pages that nobody can free */
	bool pfn_fallback;	/* takes by their PFN pages of a VM_PFNMAP vma that nobody can free */
	bool any_pfn;		/* of a VM_IO vma, too, and those that can be freed */
	bool looks_at_files;	/* wants each iovec to be of one file at most, and that shmem */
	enum code code;		/* the kernel's, that does it; for known defects only */
	bool dumps;		/* leaves out what VmFlags has dd for, and what nobody wrote */
	bool in_child;		/* looks into a child, which has only what is copied */
	bool tries_read;	/* asks to read where it was EFAULT to write */
	bool wants_mapping;	/* can do nothing with a page that belongs to no file */
	bool asks_access;	/* vm_ops->access, where there is no page to take */
	bool asks_again;	/* for what is left when it got less than it asked for */
	bool each_iovec;	/* has a call of its own */
	enum partial partial;
	enum change whole_since; /* ALL_OR_NOTHING from that change on */
	int short_errno;	/* what a partly pinned iovec becomes; 0: the bad page's errno */
	bool spares_efault;	/* no other errno than EFAULT is made good for, or ends in a short call */
	size_t zeroed_block;	/* bytes: what is refused inside of one leaves zeros there, and fails */
	size_t one_bio;		/* longer buffers, in pages, fail whole; 0: no such limit */
	int many_bios_errno;	/* what they fail with; 0: the bad page's errno */
};

struct verdict {
	int err;		/* errno, 0 when it was taken */
	size_t bytes;		/* that moved or are registered, when it was taken */
	unsigned int reach;	/* pages whose bytes may have moved although it was refused */
	unsigned int zeroed;	/* behind those, up to this page, the file has zeros now */
};

/* The pinner as this kernel has it: what came or went with a change is settled. */
struct pinner_props contract_settle(const struct pinner_props *p);

/* What the kernel owes for buffer @b, whose tested pages are of a mapping like @m. */
struct verdict contract_verdict(const struct mapping_props *m, const struct pinner_props *p,
				const struct buffer *b);

/* True when a call that returned @got, bytes or -errno, did what @want says. */
bool contract_met(struct verdict want, ssize_t got);

/*
 * True when page @i of @b must be present once a walk went through. /proc/self/pagemap shows nothing of
 * a VM_PFNMAP vma.
 */
bool contract_shows_present(const struct mapping_props *m, const struct buffer *b, unsigned int i);

/* False when what is stored into page @i of @b goes to a copy that we do not see: a child's. */
bool contract_shows_writes(const struct mapping_props *m, const struct pinner_props *p,
			   const struct buffer *b, unsigned int i);

/* How many of the first @pages pages of @b a pinner with .vm_lck is charged for. */
size_t contract_locked(const struct mapping_props *m, const struct pinner_props *p,
		       const struct buffer *b, unsigned int pages);

/* How many pages the kernel charges for holding the first @pages pages of @b. */
size_t contract_charge(const struct mapping_props *m, const struct pinner_props *p,
		       const struct buffer *b, unsigned int pages);

/* True when this kernel is that version or a later one. */
bool contract_kernel_at_least(struct kernel_version v);

/* True when this kernel has that change. */
bool contract_changed(enum change c);

#endif
