/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Witnesses that do not trust what a pinner returns: pins and locked memory of this process, the
 * kernel's own count of pins, its warnings, taint and log. A snapshot before, a comparison after.
 */
#ifndef PFNMAP_ORACLE_H
#define PFNMAP_ORACLE_H

#include <stdbool.h>
#include <stddef.h>

/* What this process is charged, in pages; -1 where /proc is missing. */
struct charges {
	long vm_pin;
	long vm_lck;
};

struct oracle {
	struct charges charges;
	long long foll_pin;	/* pages pinned and not given back, of all processes */
	bool has_foll_pin;	/* root and /proc/vmstat only */
	long long warnings;	/* warn_count and oops_count, -1 where there are none (6.2) */
	long long taint;	/* bits of /proc/sys/kernel/tainted, -1 unknown */
	int kmsg;		/* reads what the kernel says from now on; -1 not allowed */
};

/* Takes a snapshot; oracle_end() gives back what it holds. */
void oracle_begin(struct oracle *o);

/*
 * True when all is as it was. Otherwise @what (of @size bytes) names the witness and what it saw.
 * What the kernel gives back later than it returns is waited for; see patience.h.
 */
bool oracle_balanced(const struct oracle *o, char *what, size_t size);

void oracle_end(struct oracle *o);

/* Is there a PTE for @addr, by /proc/self/pagemap? True where nobody can tell. */
bool oracle_is_present(const void *addr);

/*
 * KiB that the kernel has for itself in slabs and cannot reclaim, of all processes together. -1 where
 * we may not ask for it exactly: root only.
 */
long oracle_kernel_memory(void);

/* What this process is charged now. */
void oracle_charges(struct charges *c);

#endif
