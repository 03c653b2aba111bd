/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A pinner is one kernel path that takes pages of user memory. It is of one of two kinds. I/O pins
 * the pages, moves the data and releases the pages in one call. A registration holds the pages
 * until it is dropped. A pinner does not know which mapping the pages belong to.
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

/* Every pinner accepts up to this many iovecs in one call, unless .one_iovec is set. */
#define PINNER_MAX_IOVECS 16

struct pinner;

enum direction { TO_FILE, FROM_FILE };

/* One variant of a registration. */
struct pinner_mode {
	const char *name;	/* for messages and records */
	unsigned int flags;	/* enum foll_flag, added to pinner_ops.flags */
};

struct pinner_ops {
	const char *name;
	/* The rule in the contract, and the kernel function and file that the rule models. */
	struct verdict (*rule)(const struct call *c);
	const char *caller;
	unsigned int flags;		/* enum foll_flag; FOLL_WRITE is added for FROM_FILE */
	/* Known defects, terminated by an entry without an id; may be NULL. */
	const struct defect *defects;
	/* Pages by which VmPin and VmLck grow while the first @pages pages are held; NULL: 0. */
	size_t (*vm_pin)(const struct call *c, unsigned int pages);
	size_t (*vm_lck)(const struct call *c, unsigned int pages);
	/* Held pages count against RLIMIT_MEMLOCK, at least on some kernels. */
	bool charged;
	bool cpu_copies;		/* the CPU copies some pages, at least on some kernels */
	int no_memory;			/* its own errno when an allocation fails, or 0 */
	bool by_worker;			/* a worker of io_uring takes the pages */
	bool in_child;			/* accesses a child, with the vmas that fork() copies */
	bool checks_slots;		/* leaves slots of pages[] alone that GUP did not write */
	bool no_faults;			/* takes only present pages, faults no page in */
	enum scratch_kind scratch;
	size_t align;			/* of addresses and lengths; 0: a page */
	size_t min_pages;		/* of a buffer */
	size_t max_pages;		/* of a buffer, 0: no limit */
	size_t max_bytes;		/* of a buffer, 0: no limit */
	bool power_of_two;		/* the pages of a buffer are a power of two */
	bool one_iovec;			/* accepts one iovec per call only */
	bool one_way;			/* moves data out of the memory only, TO_FILE */
	/* Returns 0, or -1 with the reason in @p->why. */
	int (*open)(struct pinner *p);
	void (*close)(struct pinner *p);
	/* I/O only: moves the data, at offset @at of the scratch file. Bytes or -errno. */
	ssize_t (*io)(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
		      off_t at);
	/* A registration only: takes the memory. Bytes held or -errno. */
	ssize_t (*take)(struct pinner *p, const struct iovec *iov, int n);
	/* A registration for data only: moves [@buf, +@len), which is part of iovec @i. */
	ssize_t (*move)(struct pinner *p, enum direction dir, void *buf, size_t len, int i,
			off_t at);
	/*
	 * A registration for another purpose only: makes the kernel use the memory. May write to
	 * the memory. 0 or -errno.
	 */
	int (*use)(struct pinner *p, const struct iovec *iov);
	/* A registration only: releases the memory; 0 or -errno. NULL: nothing is held. */
	int (*drop)(struct pinner *p);
	/*
	 * A registration only: the modes to try, terminated by one without a name. NULL: no modes.
	 */
	const struct pinner_mode *modes;
};

struct pinner {
	const struct pinner_ops *ops;
	const struct scratch *scratch;
	const struct pinner_mode *mode;	/* of the registration under test */
	void *state;			/* private to the pinner */
	/* This kernel pins for read memory that it then writes to, and the other way round. */
	bool backwards;
	char complaint[256];		/* an error of .take that no verdict allows, or "" */
	char why[256];			/* why the pinner is not available */
};

/* Each PINNER(name) of list.h is a struct pinner_ops pinner_name. */
#include "list.h"
#define PINNER(name) extern const struct pinner_ops pinner_##name;
PINNERS(PINNER)
CUT_PINNERS(PINNER)
#undef PINNER

/* Opens a pinner with its scratch files; 0, or -1 with the reason in @p->why. */
int pinner_open(struct pinner *p, const struct pinner_ops *ops);
void pinner_close(struct pinner *p);

/* Bytes that addresses and lengths are multiples of. */
size_t pinner_align(const struct pinner_ops *ops);

/* Pages that a buffer may have. */
size_t pinner_max_pages(const struct pinner_ops *ops);

/*
 * Fits @layout to @anchor, to a mapping with runs of @granule pages and to the limits of the
 * pinner. False when the pinner does not accept this buffer.
 */
bool pinner_fit(const struct pinner_ops *ops, struct buffer *b, const struct layout *layout,
		void *anchor, size_t granule);

/* For pinners: sets @p->why, the missing requirement and how to meet it. Returns -1. */
int pinner_skip(struct pinner *p, const char *fmt, ...) __printf(2, 3);

/* Describes the call to the contract: in mode @p->mode, or for I/O in direction @dir. */
struct call pinner_contract(const struct pinner *p, enum direction dir,
			    const struct mapping_props *m, const struct buffer *b);

/* True when the pinner may be used to move data into the memory. */
bool pinner_fills(const struct pinner *p);

/* Goes to the next mode of a registration; false after the last one, and where there are none. */
bool pinner_next_mode(struct pinner *p);

/*
 * Makes one call of a pinner of either kind: I/O at the start of the scratch file, or a
 * registration, which the caller drops. Bytes or -errno.
 */
ssize_t pinner_call(struct pinner *p, enum direction dir, const struct iovec *iov, int n);

/* Sum of the lengths of the iovecs. */
size_t pinner_length(const struct iovec *iov, int n);

/*
 * For pinners with one call per page: @take returns -errno when a page is refused. Returns the
 * bytes of the pages before the first refused page, or the -errno of the first page.
 */
ssize_t pinner_each_page(struct pinner *p, const struct iovec *iov, int n,
			 int (*take)(struct pinner *p, void *page));

/* Copies between the iovecs and @bounce, which is large enough. Bytes or -errno. */
typedef ssize_t (*pinner_copy)(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			       char *bounce);

/*
 * For pinners that do not access a file: writes the data that @copy reads from the memory to the
 * scratch file at @at, or reads from there the data that @copy writes to the memory. Bytes or
 * -errno.
 */
ssize_t pinner_bounce(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
		      off_t at, pinner_copy copy);

/*
 * For pinners that transfer a text: writes @pages pages of it; compares memory with it, 0 or
 * -EBADMSG.
 */
void pinner_write_text(char *text, unsigned int pages);
int pinner_holds_text(const struct iovec *iov, int n, const char *text);

/*
 * A registration for data only: writes @page, which is in iovec 0, to the scratch file. True when
 * the file then has @id.
 */
bool pinner_sees(struct pinner *p, void *page, pattern_id id);

/* Has this process CAP_IPC_LOCK, so that RLIMIT_MEMLOCK does not apply to its rings? */
bool pinner_has_ipc_lock(void);

/* How many pages this process may lock, or SIZE_MAX. */
size_t pinner_memlock_pages(void);

/* For pinners: sets @p->complaint unless it is set. The test fails with this message. */
void pinner_complain(struct pinner *p, const char *fmt, ...) __printf(2, 3);

#endif
