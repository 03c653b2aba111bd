// SPDX-License-Identifier: GPL-2.0
/*
 * get_mempolicy() returns the node of a page and takes the page for that (mm/mempolicy.c,
 * lookup_node()). Unlike move_pages(), get_mempolicy() faults the page in.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pinner.h"

static long get_node(void *page, int *node)
{
	return syscall(SYS_get_mempolicy, node, NULL, 0, page, MPOL_F_NODE | MPOL_F_ADDR);
}

static int mempolicy_open(struct pinner *p)
{
	int node;

	if (get_node(p, &node) && errno == ENOSYS)
		return pinner_skip(p, "no get_mempolicy(): CONFIG_NUMA");
	return 0;
}

/* get_mempolicy() must set the node when it succeeds. */
static int query_node(struct pinner *p, void *page)
{
	int node = -1;

	if (get_node(page, &node))
		return -errno;
	if (node < 0)
		pinner_complain(p, "get_mempolicy() succeeded, but returned no node");
	return 0;
}

static ssize_t take_mempolicy(struct pinner *p, const struct iovec *iov, int n)
{
	return pinner_each_page(p, iov, n, query_node);
}

static struct verdict lookup_node(const struct call *c)
{
	struct call get = *c;

	if (!kernel_has(MEMPOLICY_FAST))
		get.flags &= ~GUP_FAST;
	return short_count(&get);
}

const struct pinner_ops pinner_get_mempolicy = {
	.name = "get_mempolicy",
	.rule = lookup_node,
	.caller = "lookup_node(), mm/mempolicy.c",
	.flags = GUP_FAST | FOLL_GET,
	.scratch = SCRATCH_MEMORY,
	.open = mempolicy_open,
	.take = take_mempolicy,
};
