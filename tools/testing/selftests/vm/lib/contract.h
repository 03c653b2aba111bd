/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules: from what a mapping and a pinner are follows what the kernel owes. Nobody else knows an
 * errno that depends on a kernel version.
 */
#ifndef PFNMAP_CONTRACT_H
#define PFNMAP_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>

#include "layout.h"
#include "mapping.h"

/* What becomes of the good pages before the first one that is refused. */
enum partial {
	ALL_OR_NOTHING,		/* given back; the call fails */
	WHOLE_IOVECS,		/* the iovecs before it are kept and counted, the error is lost */
	REST_BY_CPU,		/* their bytes move, and the CPU copies the rest */
	SHORT_COUNT,		/* their bytes move, the call is short */
};

/* How a pinner takes pages. */
struct pinner_props {
	bool copies;		/* does not pin at all: the CPU copies */
	bool fast;		/* tries GUP-fast, which sees PTEs and no vma */
	bool writes;		/* pins for write: the kernel will store into the pages */
	bool longterm;		/* FOLL_LONGTERM */
	bool charged;		/* what it holds is charged to RLIMIT_MEMLOCK, on some kernels only */
	bool vm_pin;		/* what it holds moves VmPin */
	bool looks_at_files;	/* wants each iovec to be of one file at most, and that shmem */
	bool iomap;		/* fs/iomap/direct-io.c does it; for known defects only */
	enum partial partial;
	int short_errno;	/* what a partly pinned iovec becomes; 0: the bad page's errno */
	size_t one_bio;		/* longer buffers, in pages, fail whole; 0: no such limit */
	int many_bios_errno;	/* what they fail with; 0: the bad page's errno */
};

struct verdict {
	int err;		/* errno, 0 when it was taken */
	size_t bytes;		/* that moved or are registered, when it was taken */
	unsigned int reach;	/* pages whose bytes may have moved although it was refused */
};

/* What the kernel owes for buffer @b, whose tested pages are of a mapping like @m. */
struct verdict contract_verdict(const struct mapping_props *m, const struct pinner_props *p,
				const struct buffer *b);

/* How many pages the kernel charges for holding the first @pages pages of @b. */
size_t contract_charge(const struct mapping_props *m, const struct buffer *b, unsigned int pages);

/* True on this kernel or a later one; for properties that changed with a commit. */
bool contract_kernel_at_least(unsigned int major, unsigned int minor);

#endif
