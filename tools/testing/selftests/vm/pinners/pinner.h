/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What takes pages from user memory. A pinner is one kernel path. It is either I/O, whose call
 * pins, moves the data and releases, or a registration, which holds the pages until it is dropped.
 * A pinner does not know what it pins.
 */
#ifndef PFNMAP_PINNER_H
#define PFNMAP_PINNER_H

#include <sys/types.h>
#include <sys/uio.h>

#include "../lib/compiler.h"
#include "../contract/callers.h"
#include "../contract/contract.h"
#include "../contract/defect.h"
#include "../lib/scratch.h"

/* Iovecs that a pinner must be able to take at once. */
#define PINNER_MAX_IOVECS 16

struct pinner;

enum direction { TO_FILE, FROM_FILE };

/* One mode of a registration. */
struct pinner_mode {
	const char *name;	/* for messages */
	unsigned int flags;	/* enum foll_flag, added to the pinner's flags */
};

struct pinner_ops {
	const char *name;
	/* Its rule in the contract, and the kernel function and file that the rule stands for. */
	struct verdict (*rule)(const struct call *c);
	const char *caller;
	unsigned int flags;		/* enum foll_flag; FOLL_WRITE is added for FROM_FILE */
	const struct defect *defects;	/* known defects, ended by one without an id; may be NULL */
	/* Pages that VmPin and VmLck grow by when the first @pages pages are held; NULL: none. */
	size_t (*vm_pin)(const struct call *c, unsigned int pages);
	size_t (*vm_lck)(const struct call *c, unsigned int pages);
	bool charged;			/* counts for RLIMIT_MEMLOCK, on some kernels only */
	bool cpu_copies;		/* the CPU copies some pages, on some kernels only */
	int no_memory;			/* errno of its own when an allocation fails, or 0 */
	bool in_child;			/* accesses a child, which has only what fork() copies */
	bool no_faults;			/* takes present pages only, and faults none in */
	enum scratch_kind scratch;
	size_t align;			/* addresses and lengths must be multiples of this */
	size_t min_pages;		/* pages that a buffer must have */
	size_t max_pages;		/* pages that it may have, 0: no limit */
	bool power_of_two;		/* the number of pages must be one */
	bool one_iovec;			/* takes only one at a time */
	bool one_way;			/* data only leaves the memory, TO_FILE */
	/* Returns 0, or -1 with the reason in @p->why. */
	int (*open)(struct pinner *p);
	void (*close)(struct pinner *p);
	/* I/O only: moves the data at @at of the scratch file; bytes or -errno. */
	ssize_t (*io)(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
		      off_t at);
	/* A registration only: holds the memory; the bytes held or -errno. */
	ssize_t (*take)(struct pinner *p, const struct iovec *iov, int n);
	/* A registration that moves data only: moves [@buf, +@len), which is in held iovec @i. */
	ssize_t (*move)(struct pinner *p, enum direction dir, void *buf, size_t len, int i,
			off_t at);
	/*
	 * A registration for another purpose only: makes the kernel use the memory, and may write
	 * to it; 0 or -errno.
	 */
	int (*use)(struct pinner *p, const struct iovec *iov);
	/* A registration only: releases the memory; 0 or -errno. NULL when nothing is held. */
	int (*drop)(struct pinner *p);
	/* A registration only: its modes, ended by one without a name; NULL: only one. */
	const struct pinner_mode *modes;
};

struct pinner {
	const struct pinner_ops *ops;
	const struct scratch *scratch;
	const struct pinner_mode *mode;	/* mode of the registration that is tried */
	void *state;			/* the pinner's own */
	bool backwards;			/* this kernel has FOLL_WRITE reversed */
	char complaint[256];		/* what take() saw that no verdict allows, or "" */
	char why[256];
};

/* The families, one X-macro each; PINNER(name) names a struct pinner_ops. */
#include "list.h"
#define PINNER(name) extern const struct pinner_ops pinner_##name;
PINNERS(PINNER)
#undef PINNER

/* Opens a pinner on its scratch; 0, or -1 with the reason in @p->why. pinner_close() undoes it. */
int pinner_open(struct pinner *p, const struct pinner_ops *ops);
void pinner_close(struct pinner *p);

/*
 * Lays @layout out at @anchor, for a mapping that comes in runs of @granule pages, as the pinner
 * wants it. False when the pinner cannot take such a buffer.
 */
bool pinner_fit(const struct pinner_ops *ops, struct buffer *b, const struct layout *layout,
		void *anchor, size_t granule);

/* For the pinners: notes why this one cannot be opened and what to do. Returns -1. */
int pinner_skip(struct pinner *p, const char *fmt, ...) __printf(2, 3);

/* The call for the contract: in the pinner's mode, or for I/O in direction @dir. */
struct call pinner_contract(const struct pinner *p, enum direction dir,
			    const struct mapping_props *m, const struct buffer *b);

/* Can the pinner bring data into the memory? */
bool pinner_fills(const struct pinner *p);

/*
 * Calls a pinner of either kind once: I/O at the beginning of its scratch file, or a registration,
 * which the caller drops. Bytes or -errno.
 */
ssize_t pinner_call(struct pinner *p, enum direction dir, const struct iovec *iov, int n);

/* Bytes of all the iovecs. */
size_t pinner_length(const struct iovec *iov, int n);

/*
 * For pinners with one call a page: @take returns -errno when the page is refused. Bytes of the
 * pages before the first refused one, or its -errno when there are none.
 */
ssize_t pinner_each_page(struct pinner *p, const struct iovec *iov, int n,
			 int (*take)(struct pinner *p, void *page));

/* Copies between memory and @bounce, which has room for all of it; bytes or -errno. */
typedef ssize_t (*pinner_copy)(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			       char *bounce);

/*
 * For pinners without a file for their data: what @copy brings out of memory goes to the scratch
 * file at @at, and what it brings into memory comes from there. Bytes or -errno.
 */
ssize_t pinner_bounce(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
		      off_t at, pinner_copy copy);

/*
 * For pinners that bring their own text: writes @pages pages of it, and checks that memory holds
 * it; 0 or -EBADMSG.
 */
void pinner_write_text(char *text, unsigned int pages);
int pinner_holds_text(const struct iovec *iov, int n, const char *text);

/* For the pinners: notes something that no verdict allows. The first complaint stays. */
void pinner_complain(struct pinner *p, const char *fmt, ...) __printf(2, 3);

#endif
