// SPDX-License-Identifier: GPL-2.0
/*
 * move_pages() returns the node of each page, or moves the page, and holds the page for that. It
 * takes only present pages, does not fault pages in, and does not call check_vma_flags().
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pinner.h"

static int move_pages_open(struct pinner *p)
{
	if (syscall(SYS_move_pages, 0, 0, NULL, NULL, NULL, 0) && errno == ENOSYS)
		return pinner_skip(p, "no move_pages(): CONFIG_NUMA, CONFIG_MIGRATION");
	return 0;
}

/* One page per call. The node, or -errno. */
static int query_node(struct pinner *p __maybe_unused, void *page)
{
	int status = -ENODATA;

	return syscall(SYS_move_pages, 0, 1, &page, NULL, &status, 0) ? -errno : status;
}

/* Moves a page to node 0, where the page may be already. The node, or -errno. */
static int move_to_node_0(struct pinner *p __maybe_unused, void *page)
{
	const int node = 0;
	int status = -ENODATA;
	long err = syscall(SYS_move_pages, 0, 1, &page, &node, &status, MPOL_MF_MOVE);

	return err < 0 ? -errno : status;
}

static ssize_t take_query(struct pinner *p, const struct iovec *iov, int n)
{
	return pinner_each_page(p, iov, n, query_node);
}

static ssize_t take_move(struct pinner *p, const struct iovec *iov, int n)
{
	return pinner_each_page(p, iov, n, move_to_node_0);
}

static struct outcome page_status(const struct call *c, unsigned int i)
{
	struct user_page page = call_page(c, i);

	return folio_walk_start(&page);
}

static struct verdict do_pages_stat(const struct call *c)
{
	return short_count_of(c, page_status);
}

static const struct outcome not_migratable = {
	.err = EFAULT, .step = VMA_FLAGS,
	.reason = "VM_IO, VM_PFNMAP and DAX vmas are not migrated",
	.function = "vma_migratable(), mm/internal.h",
};

static struct outcome add_folio_for_migration(const struct call *c, unsigned int i)
{
	struct user_page page = call_page(c, i);

	if (!vma_migratable(&page))
		return not_migratable;
	return folio_walk_start(&page);
}

static struct verdict do_pages_move(const struct call *c)
{
	return short_count_of(c, add_folio_for_migration);
}

const struct pinner_ops pinner_move_pages_query = {
	.name = "move_pages_query",
	.rule = do_pages_stat,
	.caller = "do_pages_stat_array(), mm/migrate.c",
	.no_faults = true,
	.scratch = SCRATCH_MEMORY,
	.open = move_pages_open,
	.take = take_query,
};

const struct pinner_ops pinner_move_pages = {
	.name = "move_pages",
	.rule = do_pages_move,
	.caller = "add_folio_for_migration(), mm/migrate.c",
	.no_faults = true,
	.scratch = SCRATCH_MEMORY,
	.open = move_pages_open,
	.take = take_move,
};
