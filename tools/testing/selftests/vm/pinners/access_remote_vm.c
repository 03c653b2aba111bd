// SPDX-License-Identifier: GPL-2.0
/* The rule that /proc/PID/mem and ptrace share; see access_remote_vm.h. */
#include <errno.h>

#include "access_remote_vm.h"

/*
 * vm_ops->access copies the bytes of a page that GUP refuses. generic_access_phys() requires
 * VM_WRITE for a write.
 */
static struct outcome remote_page(const struct call *c, unsigned int i)
{
	static const struct outcome accessed = {
		.reason = "vm_ops->access copies the bytes",
		.function = "__access_remote_vm(), mm/memory.c",
	};
	struct outcome o = call_gup(c, i);

	if (!o.err || layout_kind(c->buffer, i) != TESTED || !c->mapping->has_access)
		return o;
	if ((c->flags & FOLL_WRITE) && !(c->mapping->vm_flags & VM_WRITE))
		return o;
	return accessed;
}

struct verdict access_remote_vm(const struct call *c)
{
	return verdict_errno(short_count_of(c, remote_page), EIO);
}

/* FOLL_ANON, 7f7ccc2ccc2e: a reader of environ must not wait for a file. */
size_t environ_bytes(const struct mapping_props *m, const struct buffer *b)
{
	const struct call c = {
		.pinner = &pinner_proc_mem, .mapping = m, .buffer = b,
		.flags = FOLL_GET | FOLL_ANON,
	};
	struct verdict v = access_remote_vm(&c);

	return v.err ? 0 : v.bytes;
}

/*
 * __access_remote_vm() passes the whole rest of a request to vm_ops->access when the request starts
 * in the middle of a page without struct page. generic_access_phys() treats the range as physically
 * contiguous: bytes after the page, even after the vma, are read from and written to the next
 * frame.
 */
static bool access_crosses_page(const struct call *c, unsigned int i)
{
	const struct layout *layout = c->buffer->layout;

	return c->mapping->has_access && layout->sub && !layout->split && i > 0 &&
	       layout_kind(c->buffer, i - 1) == TESTED;
}

const struct defect access_remote_vm_defects[] = {
	{ .id = ACCESS_PAST_PAGE, .misplaces = access_crosses_page },
	{}
};
