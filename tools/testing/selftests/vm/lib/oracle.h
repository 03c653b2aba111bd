/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Witnesses that do not trust what a pinner returns: pins and locked memory of this process, the
 * kernel's own count of pins, its warnings, taint and log. A snapshot before, a comparison after.
 */
#ifndef PFNMAP_ORACLE_H
#define PFNMAP_ORACLE_H

#include <stdbool.h>
#include <stddef.h>

/* Pages charged to this process; -1 when /proc is missing. */
struct charges {
	long vm_pin;
	long vm_lck;
};

struct oracle {
	struct charges charges;
	long long foll_pin;	/* pages that are pinned, by all processes */
	bool has_foll_pin;	/* needs root and /proc/vmstat */
	long long warnings;	/* warn_count and oops_count, -1 when there are none (before 6.2) */
	long long taint;	/* bits of /proc/sys/kernel/tainted, -1 unknown */
	bool expects_leak;	/* waits for pins a moment only */
	int kmsg;		/* reads the kernel's log from now on; -1: not allowed */
};

/* Takes a snapshot; oracle_end() releases what it holds. */
void oracle_begin(struct oracle *o);

/* The same; where a known defect @leaks pins others do not count until this process has ended. */
void oracle_begin_where(struct oracle *o, bool leaks);

/*
 * True when nothing differs from the snapshot. Otherwise @what (of @size bytes) names the witness
 * and what it saw. Waits for what the kernel releases later than it returns; see patience.h.
 */
bool oracle_balanced(const struct oracle *o, char *what, size_t size);

/* The two halves of that: pins and charges; warnings, taint and log. */
bool oracle_pins_balanced(const struct oracle *o, char *what, size_t size);
bool oracle_kernel_quiet(const struct oracle *o, char *what, size_t size);

void oracle_end(struct oracle *o);

/* Does @addr have a PTE, by /proc/self/pagemap? True when that cannot be told. */
bool oracle_is_present(const void *addr);

/* The page frame behind @addr, by /proc/self/pagemap; 0 for a user who may not see it. */
unsigned long long oracle_frame(const void *addr);

/*
 * The counters of /proc/vmstat are kept per CPU. stat_refresh adds them up; false for all but root,
 * who alone may use it.
 */
bool oracle_fold_counters(void);

/* Pages charged to this process now. */
void oracle_charges(struct charges *c);

#endif
