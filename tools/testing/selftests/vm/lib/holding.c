// SPDX-License-Identifier: GPL-2.0
/* A few pages that a pinner holds; see holding.h. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "holding.h"
#include "oracle.h"

#define ROOM (LAYOUT_RUN * PAGE)

static bool fail(struct holding *h, const char *why)
{
	if (!h->why[0])
		snprintf(h->why, sizeof(h->why), "%s", why);
	return false;
}

bool holding_prepare(struct holding *h, const struct mapping_ops *memory,
		     const struct pinner_ops *ops)
{
	h->ops = ops;
	h->pages = pinner_max_pages(ops) < HOLDING_PAGES ? pinner_max_pages(ops) : HOLDING_PAGES;
	if (mapping_open(&h->memory, memory))
		return fail(h, h->memory.why);
	mapping_close(&h->memory);
	if (pinner_open(&h->pinner, ops))
		return fail(h, h->pinner.why);
	pinner_close(&h->pinner);
	return true;
}

bool holding_place(struct holding *h, unsigned int salt)
{
	h->missing = true;
	if (mapping_open(&h->memory, h->memory.ops))
		return fail(h, h->memory.why);
	h->placed = h->memory.granule > 1 ? h->memory.granule : HOLDING_PAGES;
	h->room = mapping_room(ROOM);
	if (h->room && !mapping_place(&h->memory, h->room, h->placed)) {
		holding_fill(h, salt);
		h->missing = false;
		return true;
	}
	if (h->room)
		munmap(h->room, ROOM);
	mapping_close(&h->memory);
	return fail(h, "no memory to place");
}

void holding_remove(struct holding *h)
{
	mapping_unplace(&h->memory, h->room, h->placed);
	munmap(h->room, ROOM);
	mapping_close(&h->memory);
}

bool holding_pin(struct holding *h)
{
	const struct iovec iov = { h->room, h->pages * PAGE };
	unsigned int i;

	if (pinner_open(&h->pinner, h->ops))
		return fail(h, h->pinner.why);
	h->pinner.mode = h->mode;
	if (h->ops->take(&h->pinner, &iov, 1) != (ssize_t)iov.iov_len) {
		pinner_close(&h->pinner);
		return fail(h, h->pinner.complaint[0] ? h->pinner.complaint : "it cannot be pinned");
	}
	if (h->pinner.complaint[0])
		fail(h, h->pinner.complaint);
	for (i = 0; i < h->pages; i++)
		h->frames[i] = oracle_frame(h->room + i * PAGE);
	return true;
}

bool holding_unpin(struct holding *h)
{
	bool dropped = !h->ops->drop(&h->pinner);

	pinner_close(&h->pinner);
	if (h->pinner.complaint[0])
		return fail(h, h->pinner.complaint);
	return dropped || fail(h, "it cannot be unpinned");
}

void holding_fill(struct holding *h, unsigned int salt)
{
	unsigned int i;

	for (i = 0; i < h->pages; i++)
		pattern_fill(h->room + i * PAGE, PATTERN_ID(salt, i), 0, PAGE);
}

int holding_differs(const struct holding *h, unsigned int pages, unsigned int salt)
{
	unsigned int i;

	for (i = 0; i < pages; i++)
		if (!pattern_holds(h->room + i * PAGE, PATTERN_ID(salt, i), 0, PAGE))
			return i;
	return -1;
}

int holding_left(const struct holding *h)
{
	unsigned int i;

	for (i = 0; i < h->pages; i++)
		if (oracle_frame(h->room + i * PAGE) != h->frames[i])
			return i;
	return -1;
}

int holding_unseen(struct holding *h, unsigned int salt)
{
	off_t at = scratch_short_slot(h->pinner.scratch, 0);
	char page[MAX_PAGE] __aligned(MAX_PAGE);
	unsigned int i;

	for (i = 0; h->ops->move && i < h->pages; i++)
		if (h->ops->move(&h->pinner, TO_FILE, h->room + i * PAGE, PAGE, 0, at) !=
			    (ssize_t)PAGE ||
		    pread(h->pinner.scratch->out, page, PAGE, at) != (ssize_t)PAGE ||
		    !pattern_holds(page, PATTERN_ID(salt, i), 0, PAGE))
			return i;
	return -1;
}

unsigned int holding_flags(const struct holding *h)
{
	return h->ops->flags | (h->mode ? h->mode->flags : 0);
}
