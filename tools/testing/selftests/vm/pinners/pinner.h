/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What takes pages from user memory. A pinner is one kernel path: I/O, whose one call pins, moves
 * the data and lets go, or a registration, which holds the pages until they are dropped. It does not
 * know what it pins.
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

/* One of the ways in which a registration can be asked for. */
struct pinner_mode {
	const char *name;	/* for messages */
	unsigned int flags;	/* enum foll_flag, added to the pinner's */
};

struct pinner_ops {
	const char *name;
	/* Its rule in the contract, and the kernel function and file that the rule stands for. */
	struct verdict (*rule)(const struct call *c);
	const char *caller;
	unsigned int flags;		/* enum foll_flag; FOLL_WRITE is added for FROM_FILE */
	const struct defect *defects;	/* known ones, ended by one without an id; may be NULL */
	/* How many pages VmPin and VmLck grow by when the first @pages pages are held; NULL: they do not. */
	size_t (*vm_pin)(const struct call *c, unsigned int pages);
	size_t (*vm_lck)(const struct call *c, unsigned int pages);
	bool charged;			/* what it holds counts for RLIMIT_MEMLOCK, on some kernels only */
	bool cpu_copies;		/* the CPU copies some pages, on some kernels only */
	int no_memory;			/* errno of its own when an allocation fails, or 0 */
	bool in_child;			/* looks into a child, which has only what fork() copies */
	bool no_faults;			/* takes what is there, and faults nothing in */
	enum scratch_kind scratch;
	size_t align;			/* bytes that addresses and lengths must be multiples of */
	size_t min_pages;		/* that a buffer must have */
	size_t max_pages;		/* that it may have, 0 no limit */
	bool power_of_two;		/* pages in a buffer */
	bool one_iovec;			/* takes no more at once */
	bool one_way;			/* data only leaves the memory, TO_FILE */
	/* Returns 0, or -1 with the reason in @p->why. */
	int (*open)(struct pinner *p);
	void (*close)(struct pinner *p);
	/* I/O only: moves the data at @at of the scratch file; bytes or -errno. */
	ssize_t (*io)(struct pinner *p, enum direction dir, const struct iovec *iov, int n, off_t at);
	/* A registration only: holds the memory; the bytes held or -errno. */
	ssize_t (*take)(struct pinner *p, const struct iovec *iov, int n);
	/* A registration for data only: moves [@buf, +@len), which iovec @i of those held has in it. */
	ssize_t (*move)(struct pinner *p, enum direction dir, void *buf, size_t len, int i, off_t at);
	/*
	 * A registration for something else only: has the kernel use the memory, which may be written
	 * to for that; 0 or -errno.
	 */
	int (*use)(struct pinner *p, const struct iovec *iov);
	/* A registration only: lets go; 0 or -errno. NULL where nothing is held. */
	int (*drop)(struct pinner *p);
	/* A registration only: tried in each of these, ended by one without a name; NULL is plain. */
	const struct pinner_mode *modes;
};

struct pinner {
	const struct pinner_ops *ops;
	const struct scratch *scratch;
	const struct pinner_mode *mode;	/* of the registration that is tried */
	void *state;			/* the pinner's own */
	bool backwards;			/* this kernel pins to read what it will write to, and conversely */
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
 * Lays @layout out at @anchor, for a mapping that comes in runs of @granule pages, as the pinner wants
 * it. False when the pinner cannot be asked for such a buffer.
 */
bool pinner_fit(const struct pinner_ops *ops, struct buffer *b, const struct layout *layout,
		void *anchor, size_t granule);

/* For the pinners: notes why one cannot be had and how it could. Returns -1. */
int pinner_skip(struct pinner *p, const char *fmt, ...) __printf(2, 3);

/* The call for the contract: in the pinner's mode, or for I/O in direction @dir. */
struct call pinner_contract(const struct pinner *p, enum direction dir, const struct mapping_props *m,
			    const struct buffer *b);

/* May it be asked to bring data into the memory? */
bool pinner_fills(const struct pinner *p);

/*
 * Asks a pinner of either kind once: I/O at the beginning of its scratch file, or a registration, which
 * the caller drops. Bytes or -errno.
 */
ssize_t pinner_call(struct pinner *p, enum direction dir, const struct iovec *iov, int n);

/* Bytes of all the iovecs. */
size_t pinner_length(const struct iovec *iov, int n);

/*
 * For the pinners with a call a page: @take returns -errno where it is refused. Bytes of the pages before
 * the first refused one, or its -errno where there are none.
 */
ssize_t pinner_each_page(struct pinner *p, const struct iovec *iov, int n,
			 int (*take)(struct pinner *p, void *page));

/* Copies between memory and @bounce, which has room for all of it; bytes or -errno. */
typedef ssize_t (*pinner_copy)(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			       char *bounce);

/*
 * For the pinners whose data has no file to go to: what @copy brings out of memory goes to the
 * scratch file at @at, and what it takes into memory comes from there. Bytes or -errno.
 */
ssize_t pinner_bounce(struct pinner *p, enum direction dir, const struct iovec *iov, int n, off_t at,
		      pinner_copy copy);

/* For the pinners that bring a text of their own: @pages pages of it, and whether memory holds it; 0 or -EBADMSG. */
void pinner_write_text(char *text, unsigned int pages);
int pinner_holds_text(const struct iovec *iov, int n, const char *text);

/* For the pinners: notes what was seen that no verdict allows. The first complaint stays. */
void pinner_complain(struct pinner *p, const char *fmt, ...) __printf(2, 3);

#endif
