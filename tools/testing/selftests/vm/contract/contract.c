// SPDX-License-Identifier: GPL-2.0
/* What the kernel owes; see contract.h. */
#include <errno.h>

#include "../lib/compiler.h"
#include "../pinners/pinner.h"
#include "contract.h"

struct verdict contract_verdict(const struct call *c)
{
	return c->pinner->rule(c);
}

struct verdict verdict_seen(ssize_t got)
{
	if (got < 0)
		return (struct verdict){ .err = -got };
	return (struct verdict){ .bytes = got };
}

bool contract_met(struct verdict want, ssize_t got)
{
	return got == (want.err ? -want.err : (ssize_t)want.bytes);
}

bool contract_met_without_memory(const struct call *c, struct verdict want, ssize_t got)
{
	static const int errnos[] = { ENOMEM, EAGAIN, ENOBUFS, ENFILE, EFAULT, EIO };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errnos); i++)
		if (got == -errnos[i])
			return true;
	if (got < 0)
		return got == -c->pinner->no_memory;
	return got > 0 && !want.err && (size_t)got < want.bytes && contract_may_be_short(c);
}

/* A hole behind an iovec of ordinary pages shows it. */
bool contract_may_be_short(const struct call *c)
{
	static const struct mapping_props hole;
	static struct buffer b;
	struct call call = *c;
	struct verdict v;

	layout_fit(&b, layout_named("GPG,split"), NULL, 1, 1);
	call.mapping = &hole;
	call.buffer = &b;
	v = contract_verdict(&call);
	return !v.err && v.bytes < b.len;
}

bool contract_shows_present(const struct call *c, unsigned int i)
{
	return layout_kind(c->buffer, i) == GOOD ||
	       (!(c->mapping->vm_flags & (VM_IO | VM_PFNMAP)) && !c->mapping->pfnmap_on_fault);
}

bool contract_shows_writes(const struct call *c, unsigned int i)
{
	unsigned int cow = c->mapping->vm_flags & (VM_SHARED | VM_MAYWRITE);

	return layout_kind(c->buffer, i) == GOOD || !c->pinner->in_child || cow != VM_MAYWRITE;
}
