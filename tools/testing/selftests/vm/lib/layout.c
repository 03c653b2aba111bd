// SPDX-License-Identifier: GPL-2.0
/* How ordinary pages and pages under test lie in a range; see layout.h. */
#include <string.h>

#include "compiler.h"
#include "layout.h"

/*
 * The small layouts have P first, last and in the middle. GUP's callers work in batches of 512
 * pages (vfio, process_vm_*; a bio has 256): P alone in the next batch needs the full ones before
 * it undone, and P first makes a batch of which nothing was pinned. GPGG is a power of two, for
 * rings.
 */
const struct layout layouts[] = {
	{ .name = "P", .p = 1, .brief = true },
	{ .name = "PP", .p = 2, .brief = true },
	{ .name = "P,touched", .p = 1, .touched = true },
	{ .name = "GP", .before = 1, .p = 1, .brief = true },
	{ .name = "PG", .p = 1, .after = 1 },
	{ .name = "GPG", .before = 1, .p = 1, .after = 1 },
	{ .name = "GPGG", .before = 1, .p = 1, .after = 2, .brief = true },
	{ .name = "GP,touched", .before = 1, .p = 1, .touched = true },
	{ .name = "GPG,split", .before = 1, .p = 1, .after = 1, .split = true },
	{ .name = "GP,sub", .before = 1, .p = 1, .sub = true },
	{ .name = "PG,sub", .p = 1, .after = 1, .sub = true },
	{ .name = "GPG,split,sub", .before = 1, .p = 1, .after = 1, .split = true, .sub = true,
	  .brief = true },
	{ .name = "HP", .before = 1, .p = 1, .hole_before = true },
	{ .name = "PH", .p = 1, .after = 1, .hole_after = true },
	{ .name = "GPH", .before = 1, .p = 1, .after = 1, .hole_after = true },
	{ .name = "G512P", .before = 512, .p = 1 },
	{ .name = "PG512", .p = 1, .after = 512 },
};

const size_t nr_layouts = ARRAY_SIZE(layouts);
_Static_assert(ARRAY_SIZE(layouts) <= LAYOUT_MAX, "LAYOUT_MAX is too small");

const struct layout *layout_named(const char *name)
{
	size_t i;

	for (i = 0; i < nr_layouts; i++)
		if (!strcmp(layouts[i].name, name))
			return &layouts[i];
	return NULL;
}

/* Where the part under test starts, in pages of the buffer, and its length. */
static unsigned int tested_pages(const struct buffer *b)
{
	return b->pages - b->layout->before - b->layout->after;
}

static void make_iovecs(struct buffer *b, char *anchor)
{
	size_t from, to, pages = b->layout->split ? 1 : b->pages;
	char *page = anchor + (long)b->first * (long)PAGE;
	unsigned int i;

	b->niov = 0;
	for (i = 0; i < b->pages; i += pages) {
		layout_span(b, i, &from, &to);
		b->iov[b->niov].iov_base = page + i * PAGE + from;
		b->iov[b->niov].iov_len = b->layout->split ? to - from : b->len;
		b->niov++;
	}
}

void layout_fit(struct buffer *b, const struct layout *layout, void *anchor, size_t granule,
		size_t align)
{
	unsigned int tested = layout->p;

	b->layout = layout;
	b->touched = layout->touched;
	b->run = (tested + granule - 1) / granule * granule;
	if (layout->before && layout->after)
		tested = b->run;
	b->pages = layout->before + tested + layout->after;
	/* With ordinary pages only behind the run, the buffer has the run's last pages. */
	b->first = layout->after ? (int)(b->run - tested) - (int)layout->before :
				   -(int)layout->before;
	b->head = layout->sub ? PAGE - align : 0;
	b->len = layout_bytes_before(b, b->pages);
	make_iovecs(b, anchor);
}

enum page_kind layout_kind(const struct buffer *b, unsigned int i)
{
	const struct layout *l = b->layout;
	unsigned int end = l->before + tested_pages(b);

	if (i >= l->before && i < end)
		return TESTED;
	if ((l->hole_before && i + 1 == l->before) || (l->hole_after && i == end))
		return HOLE;
	return GOOD;
}

size_t layout_run_page(const struct buffer *b, unsigned int i)
{
	return b->first + (int)i;
}

void layout_span(const struct buffer *b, unsigned int i, size_t *from, size_t *to)
{
	*from = i == 0 ? b->head : 0;
	/* A sub-page layout ends as far into its last page as it begins into its first one. */
	*to = i == b->pages - 1 && b->layout->sub ? PAGE - b->head : PAGE;
}

size_t layout_bytes_before(const struct buffer *b, unsigned int i)
{
	size_t from, to, bytes = 0;

	if (i == 0)
		return 0;
	bytes = i * PAGE - b->head;
	if (i == b->pages) {
		layout_span(b, i - 1, &from, &to);
		bytes -= PAGE - to;
	}
	return bytes;
}

unsigned int layout_pages_with(const struct buffer *b, size_t bytes)
{
	if (!bytes)
		return 0;
	return bytes < b->len ? (b->head + bytes + PAGE - 1) / PAGE : b->pages;
}
