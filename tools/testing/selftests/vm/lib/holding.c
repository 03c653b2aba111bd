// SPDX-License-Identifier: GPL-2.0
/* A few pages that a pinner holds; see holding.h. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>

#include "holding.h"
#include "oracle.h"

#define WRONG_SIZE PAGE

static bool nothing(struct holding *h, const char *why)
{
	snprintf(h->why, sizeof(h->why), "%s", why);
	return false;
}

bool holding_prepare(struct holding *h, const struct mapping_ops *memory,
		     const struct pinner_ops *ops)
{
	h->memory_ops = memory;
	h->ops = ops;
	h->pages = pinner_max_pages(ops) < HOLDING_PAGES ? pinner_max_pages(ops) : HOLDING_PAGES;
	h->wrong = mmap(NULL, WRONG_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
			0);
	if (h->wrong == MAP_FAILED)
		return nothing(h, "no memory");
	if (mapping_open(&h->memory.mapping, memory))
		return nothing(h, h->memory.mapping.why);
	mapping_close(&h->memory.mapping);
	if (pinner_open(&h->pinner, ops))
		return nothing(h, h->pinner.why);
	pinner_close(&h->pinner);
	return true;
}

void holding_try(struct holding *h, void (*try)(struct holding *h, void *arg), void *arg)
{
	struct oracle before;

	oracle_begin(&before);
	h->mode = h->ops->modes;
	do {
		try(h, arg);
	} while (h->mode && (++h->mode)->name);
	if (oracle_balanced(&before, h->kept, sizeof(h->kept)))
		h->kept[0] = '\0';
	oracle_end(&before);
}

void holding_fail(struct holding *h, const char *what)
{
	if (!h->wrong[0])
		snprintf(h->wrong, WRONG_SIZE, "%s%s%s%s%s", h->mode ? h->mode->name : "",
			 h->mode ? ": " : "", h->scene ? h->scene : "", h->scene ? ": " : "", what);
}

void holding_fail_of(struct holding *h, int page, const char *what)
{
	char text[128];

	if (page < 0)
		return;
	snprintf(text, sizeof(text), "page %d: %s", page, what);
	holding_fail(h, text);
}

bool holding_miss(struct holding *h, const char *why)
{
	h->missing = true;
	return nothing(h, why);
}

bool holding_place(struct holding *h, unsigned int salt)
{
	const char *why = memory_open(&h->memory, h->memory_ops, HOLDING_PAGES);

	if (why)
		return holding_miss(h, why);
	holding_fill(h, salt);
	return true;
}

void holding_remove(struct holding *h)
{
	memory_close(&h->memory);
}

bool holding_pin(struct holding *h)
{
	const struct iovec iov = { h->memory.base, h->pages * PAGE };
	bool taken;
	unsigned int i;

	if (pinner_open(&h->pinner, h->ops)) {
		holding_fail(h, h->pinner.why);
		return false;
	}
	h->pinner.mode = h->mode;
	taken = h->ops->take(&h->pinner, &iov, 1) == (ssize_t)iov.iov_len;
	if (h->pinner.complaint[0])
		holding_fail(h, h->pinner.complaint);
	if (!taken)
		pinner_close(&h->pinner);
	for (i = 0; taken && i < h->pages; i++)
		h->frames[i] = oracle_frame(holding_page(h, i));
	return taken;
}

void holding_unpin(struct holding *h)
{
	if (h->ops->drop(&h->pinner))
		holding_fail(h, "it cannot be unpinned");
	pinner_close(&h->pinner);
	if (h->pinner.complaint[0])
		holding_fail(h, h->pinner.complaint);
}

char *holding_page(const struct holding *h, unsigned int i)
{
	return h->memory.base + i * PAGE;
}

void holding_fill(struct holding *h, unsigned int salt)
{
	unsigned int i;

	for (i = 0; i < h->pages; i++)
		pattern_fill(holding_page(h, i), PATTERN_ID(salt, i), 0, PAGE);
}

int holding_differs(const struct holding *h, unsigned int pages, unsigned int salt)
{
	unsigned int i;

	for (i = 0; i < pages; i++)
		if (!pattern_holds(holding_page(h, i), PATTERN_ID(salt, i), 0, PAGE))
			return i;
	return -1;
}

int holding_left(const struct holding *h)
{
	unsigned int i;

	for (i = 0; i < h->pages; i++)
		if (oracle_frame(holding_page(h, i)) != h->frames[i])
			return i;
	return -1;
}

int holding_unseen(struct holding *h, unsigned int salt)
{
	unsigned int i;

	for (i = 0; h->ops->move && i < h->pages; i++)
		if (!pinner_sees(&h->pinner, holding_page(h, i), PATTERN_ID(salt, i)))
			return i;
	return -1;
}

unsigned int holding_flags(const struct holding *h)
{
	return h->ops->flags | (h->mode ? h->mode->flags : 0);
}
