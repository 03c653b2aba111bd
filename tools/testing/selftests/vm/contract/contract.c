// SPDX-License-Identifier: GPL-2.0
/*
 * The rules. The functions named are the kernel's: mm/gup.c where nothing else is said.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "contract.h"

const struct contract_change contract_changes[NR_CHANGES] = {
	[UMEM_SPARES_COW] = { { 6, 2 }, "b40656aa7dfe",
		"RDMA no longer pins for write, and by force, what it only reads" },
	[LASTING_READS_BREAK_COW] = { { 6, 2 }, "84209e87c696",
		"lasting pins for reading have a copy made in private mappings" },
	[FRAMES_ARE_NOT_FORCED] = { { 6, 2 }, "",
		"video devices no longer pin by force, and for write what they write to only" },
	[VMAS_ARE_HIDDEN] = { { 6, 5 }, "4c630f307455",
		"pin_user_pages() hands out no vmas, so io_uring cannot refuse files by them" },
	[LASTING_WRITES_SPARE_FILES] = { { 6, 5 }, "8ac268436e6d",
		"lasting pins for writing of a file whose writes are tracked are refused" },
	[FAST_LASTING_WRITES_WANT_MAPPING] = { { 6, 5 }, "a6e79df92e4a",
		"the same by the fast walk, which leaves pages without a file to the slow one" },
	[HASHES_ARE_WHOLE] = { { 6, 5 }, "c662b043cdca",
		"AF_ALG hashes nothing of a message of which it does not get all pages at once" },
	[SIW_USES_UMEM] = { { 6, 8 }, "476b7c7e00ec",
		"siw pins by ib_umem_get(), and so by the fast walk first" },
	[METADATA_IS_MAPPED] = { { 6, 8 }, "492c5d455969",
		"metadata of a passthrough command is pinned, not copied" },
	[FAST_WANTS_MAPPING] = { { 6, 9 }, "65291dcfcf89",
		"the fast walk leaves small pages without a file to the slow one, for memfd_secret" },
	[HOLES_COME_IN_ORDER] = { { 6, 9 }, "631426ba1d45",
		"MADV_POPULATE ends at a hole, where it went on and said so last" },
	[PAGES_ARE_WALKED] = { { 6, 12 }, "46d6a9b4450b",
		"move_pages() finds by folio_walk_start(): what is not there is ENOENT" },
	[KVM_COUNTS_NO_FRAMES] = { { 6, 13 }, "8b15c3764c05",
		"KVM takes no reference to what it finds by its PFN, and so tail pages, too" },
};

bool contract_kernel_at_least(struct kernel_version v)
{
	struct kernel_version have = {};
	struct utsname name;

	if (!uname(&name))
		sscanf(name.release, "%u.%u", &have.major, &have.minor);
	return have.major > v.major || (have.major == v.major && have.minor >= v.minor);
}

bool contract_changed(enum change c)
{
	return c != NO_CHANGE && contract_kernel_at_least(contract_changes[c].since);
}

/* io_pin_pages() looked at the vmas. */
static bool sees_vmas(const struct pinner_props *p)
{
	return p->looks_at_files && !contract_changed(VMAS_ARE_HIDDEN);
}

/* check_vma_flags() on protection: FOLL_FORCE overrides what the owner could override. */
static bool prot_allows(const struct mapping_props *m, const struct pinner_props *p)
{
	if (p->writes)
		return m->writable || (p->force && m->cow);
	return m->readable || (p->force && m->force_reads);
}

static bool is_special(const struct mapping_props *m, size_t page)
{
	return m->special && page >= m->normal_pages;
}

/*
 * Does the slow walk, which sees the vma before the page, take page @page of the run, which a CPU has
 * touched before or not?
 */
static enum refusal slow_walk(const struct mapping_props *m, const struct pinner_props *p,
			      size_t page, bool touched)
{
	/* check_vma_flags(): VM_IO and VM_PFNMAP, FOLL_LONGTERM, secretmem, and the protection. */
	if (m->absent || (p->in_child && m->not_copied))
		return BY_HOLE;
	if (p->dumps && (m->not_dumped || m->zero_page || (m->fresh && !touched)))
		return BY_VMA;
	if (m->vma_refuses || (m->late && touched))
		return p->passes_refusing ? NOT_REFUSED : BY_VMA;
	if (p->longterm && m->fsdax)
		return BY_DAX;
	/* writable_file_mapping_allowed() */
	if (m->secret || (p->writes && p->longterm && m->dirty_tracked &&
			  contract_changed(LASTING_WRITES_SPARE_FILES)))
		return BY_VMA;
	if (!prot_allows(m, p))
		return BY_VMA;
	/* faultin_page() makes EFAULT of SIGBUS. */
	if (page >= m->fault_pages || (p->writes && page >= m->write_faults))
		return BY_FAULT;
	/* Who wants no pages[] does without the page, 1027e4436b6a. */
	if (is_special(m, page) && !p->no_pages)
		return BY_PTE;
	return NOT_REFUSED;
}

/* Was the kernel built with memfd_secret, switched on or not? */
static bool has_secretmem(void)
{
	return !access("/sys/module/secretmem", F_OK);
}

/* gup_fast_folio_allowed() does not know what a page without a file is, and leaves it to the slow walk. */
static bool fast_wants_mapping(const struct pinner_props *p)
{
	return (contract_changed(FAST_WANTS_MAPPING) && has_secretmem()) ||
	       (contract_changed(FAST_LASTING_WRITES_WANT_MAPPING) && p->writes && p->longterm);
}

/*
 * gup_pte_range() takes what the PTE allows, and leaves to the slow walk what it does not. A pinner
 * that wants to see the vmas cannot use it.
 */
static bool fast_takes(const struct mapping_props *m, const struct pinner_props *p, size_t page)
{
	return p->fast && !sees_vmas(p) && !m->absent && !is_special(m, page) && !m->secret &&
	       m->readable && page < m->fault_pages &&
	       (!p->writes || (m->writable && page < m->write_faults)) &&
	       !(p->longterm && (m->dirty_tracked || m->fsdax)) && !(m->no_mapping && fast_wants_mapping(p));
}

/*
 * vaddr_get_pfns() of vfio, hva_to_pfn_remapped() of KVM, when GUP has refused page @page: a VM_PFNMAP
 * vma is asked for the PFN, if need be by a fault. What a PTE does not allow they will not have, nor
 * vfio a page that could be freed.
 */
static enum refusal fall_back(const struct mapping_props *m, const struct pinner_props *p,
			      size_t page, enum refusal refusal)
{
	if (!m->pfnmap && !m->late && !(p->any_pfn && m->vma_refuses))
		return refusal;
	/* kvm_try_get_pfn() */
	if (p->any_pfn && page >= m->counted_pages && !contract_changed(KVM_COUNTS_NO_FRAMES))
		return BY_VMA;
	if ((!m->unfreeable && !p->any_pfn) || page >= m->cpu_pages || !m->readable ||
	    (p->writes && (!m->writable || page >= m->write_faults)))
		return BY_VMA;
	return NOT_REFUSED;
}

/* follow_pfn_pte() says EEXIST whatever was asked since 5.18, 65462462ffb2. */
static const int gup_errnos[NR_REFUSALS] = {
	[BY_HOLE] = EFAULT,
	[BY_VMA] = EFAULT,
	[BY_DAX] = EOPNOTSUPP,
	[BY_FAULT] = EFAULT,
	[BY_PTE] = EEXIST,
};

const int efault_errnos[NR_REFUSALS] = ONE_ERRNO(EFAULT);

/* Why a pinner that asks once for page @i of the buffer does not get it. */
static enum refusal refusal_of(const struct mapping_props *m, const struct pinner_props *p,
			       const struct buffer *b, unsigned int i)
{
	size_t page = layout_run_page(b, i);
	enum refusal refusal;

	if (layout_kind(b, i) != TESTED)
		return layout_kind(b, i) == HOLE ? BY_HOLE : NOT_REFUSED;
	if (p->asks_access && m->access && (!p->writes || m->writable))
		return NOT_REFUSED;
	refusal = fast_takes(m, p, page) ? NOT_REFUSED :
					   slow_walk(m, p, page, b->touched);
	/* get_futex_key() has no use for an anonymous page that it got for reading only. */
	if (!refusal && p->wants_mapping &&
	    (m->no_mapping || m->zero_page || (m->anonymous && !p->writes)))
		return BY_VMA;
	return refusal && p->pfn_fallback ? fall_back(m, p, page, refusal) : refusal;
}

/*
 * What there is of page @page, which a CPU has touched before where it could, for who faults nothing
 * in: folio_walk_start(), or before 6.12 follow_page(), to which no page was EFAULT, and only one that
 * a file could bring ENOENT.
 */
static int found_errno(const struct mapping_props *m, const struct pinner_props *p, size_t page)
{
	bool walks = contract_changed(PAGES_ARE_WALKED);

	/* The PTE of the zero page is special. */
	if (p->finds == FINDS_BY_FAST_WALK)
		return fast_takes(m, p, page) && page < m->cpu_pages && !m->zero_page ? 0 : EFAULT;
	if (m->absent)
		return EFAULT;
	if (p->finds == FINDS_MIGRATABLE && (m->vma_refuses || m->late || m->zone_device || m->fsdax))
		return EFAULT;
	if (page >= m->cpu_pages || !m->readable)
		return m->zero_page && !walks ? EFAULT : ENOENT;
	if (m->zero_page)
		return EFAULT;
	if (is_special(m, page))
		return walks ? ENOENT : EFAULT;
	if (m->zone_device || m->fsdax || (m->secret && !walks))
		return ENOENT;
	return 0;
}

static int page_errno(const struct mapping_props *m, const struct pinner_props *p,
		      const struct buffer *b, unsigned int i)
{
	struct pinner_props reading = *p;
	enum refusal refusal;

	if (p->finds && layout_kind(b, i) == TESTED)
		return found_errno(m, p, layout_run_page(b, i));
	refusal = refusal_of(m, p, b, i);
	reading.writes = false;
	if (p->tries_read && gup_errnos[refusal] == EFAULT)
		refusal = refusal_of(m, &reading, b, i);
	return p->errnos ? p->errnos[refusal] : gup_errnos[refusal];
}

/* Can the CPU copy page @i, as a kernel does that was given its address? */
static bool cpu_reaches(const struct mapping_props *m, const struct pinner_props *p,
			const struct buffer *b, unsigned int i)
{
	enum page_kind kind = layout_kind(b, i);
	size_t page = layout_run_page(b, i);

	if (kind != TESTED)
		return kind == GOOD;
	return !m->absent && m->readable && page < m->cpu_pages &&
	       (!p->writes || (m->writable && page < m->write_faults));
}

/* Bytes from page @i on that a CPU copies before it is stopped. */
static size_t cpu_bytes(const struct mapping_props *m, const struct pinner_props *p,
			const struct buffer *b, unsigned int i)
{
	unsigned int from = i;

	while (i < b->pages && cpu_reaches(m, p, b, i))
		i++;
	return layout_bytes_before(b, i) - layout_bytes_before(b, from);
}

static struct verdict refused(int err, unsigned int reach)
{
	return (struct verdict){ .err = err, .reach = reach };
}

static struct verdict taken(size_t bytes)
{
	return (struct verdict){ .bytes = bytes };
}

static struct verdict copied(const struct mapping_props *m, const struct pinner_props *p,
			     const struct buffer *b)
{
	size_t bytes = cpu_bytes(m, p, b, 0);

	if (!bytes || (bytes < b->len && p->partial == ALL_OR_NOTHING))
		return refused(EFAULT, p->writes ? layout_pages_with(b, bytes) : 0);
	return taken(bytes);
}

/* The rest of a block that page @bad was to be in is zeros. */
static struct verdict zeroed(const struct pinner_props *p, const struct buffer *b, unsigned int bad, int err)
{
	struct verdict v = refused(err, bad);
	size_t blocks = layout_bytes_before(b, bad) / p->zeroed_block + 1;

	v.zeroed = layout_pages_with(b, blocks * p->zeroed_block);
	return v;
}

/* Page @bad of the buffer is the first that is refused, with @err. */
static struct verdict partly(const struct mapping_props *m, const struct pinner_props *p,
			     const struct buffer *b, unsigned int bad, int err)
{
	size_t before = layout_bytes_before(b, bad);

	if (p->one_bio && b->pages > p->one_bio)
		return refused(p->many_bios_errno ? p->many_bios_errno : err, bad);
	if (bad == 0)
		return refused(err, 0);
	if (p->spares_efault && err != EFAULT)
		return refused(err, bad);
	if (p->zeroed_block && !p->writes && before % p->zeroed_block)
		return zeroed(p, b, bad, err);
	switch (p->partial) {
	case WHOLE_IOVECS:
		return b->layout->split ? taken(before) : refused(err, 0);
	case REST_BY_CPU:
		return taken(before + cpu_bytes(m, p, b, bad));
	case SHORT_COUNT:
		return taken(before);
	default:
		return refused(err, bad);
	}
}

/* What it wanted of the vmas of a pinned iovec: one file or none, and that shmem. */
static int file_errno(const struct mapping_props *m, const struct buffer *b, unsigned int from,
		      unsigned int to)
{
	enum page_kind first = layout_kind(b, from);
	unsigned int i;

	for (i = from; i < to; i++) {
		if (layout_kind(b, i) != first)
			return EINVAL;
		if (first == TESTED && m->file)
			return EOPNOTSUPP;
	}
	return 0;
}

/*
 * A pinner that got some pages asks again for the rest, and it is the second answer that counts: a
 * vma that is late has made up its mind by then.
 */
static bool is_asked_again(const struct mapping_props *m, const struct pinner_props *p,
			   const struct buffer *b, unsigned int from, unsigned int bad)
{
	return m->late && p->asks_again && bad > (p->each_iovec ? from : 0) &&
	       layout_kind(b, bad) == TESTED;
}

/* Why the iovec over pages [@from, @to) is not taken, 0 when it is; *@bad is the page that did it. */
static int iovec_errno(const struct mapping_props *m, const struct pinner_props *p,
		       const struct buffer *b, unsigned int from, unsigned int to,
		       unsigned int *bad)
{
	bool holes_last = p->holes_last && !contract_changed(HOLES_COME_IN_ORDER);
	int err;

	for (*bad = from; *bad < to; (*bad)++) {
		if (holes_last && layout_kind(b, *bad) == HOLE)
			continue;
		err = page_errno(m, p, b, *bad);
		if (err && is_asked_again(m, p, b, from, *bad))
			return EFAULT;
		if (err)
			return *bad > from && p->short_errno ? p->short_errno : err;
	}
	for (*bad = from; *bad < to && holes_last; (*bad)++)
		if (layout_kind(b, *bad) == HOLE)
			return page_errno(m, p, b, *bad);
	*bad = from;
	return sees_vmas(p) ? file_errno(m, b, from, to) : 0;
}

static bool is_before(enum change c)
{
	return c != NO_CHANGE && !contract_changed(c);
}

struct pinner_props contract_settle(const struct pinner_props *p)
{
	struct pinner_props here = *p;

	if (!p->writes && is_before(p->breaks_cow_before))
		here.writes = here.force = true;
	if (is_before(p->forces_before))
		here.force = true;
	if (is_before(p->copies_before))
		here.copies = true;
	if (contract_changed(p->fast_since))
		here.fast = true;
	if (contract_changed(p->whole_since))
		here.partial = ALL_OR_NOTHING;
	return here;
}

struct verdict contract_verdict(const struct mapping_props *m, const struct pinner_props *pinner,
				const struct buffer *b)
{
	unsigned int from, bad, step = b->layout->split ? 1 : b->pages;
	const struct pinner_props here = contract_settle(pinner), *p = &here;
	int err;

	if (p->copies)
		return copied(m, p, b);
	for (from = 0; from < b->pages; from += step) {
		err = iovec_errno(m, p, b, from, from + step, &bad);
		if (err)
			return partly(m, p, b, bad, err);
	}
	return taken(b->len);
}

bool contract_met(struct verdict want, ssize_t got)
{
	return got == (want.err ? -want.err : (ssize_t)want.bytes);
}

/*
 * vfio charges what it pinned. A lasting pin for reading was given the zero page, or another one that
 * nobody can free, of a private mapping before 6.2, 84209e87c696; since then it has a copy made.
 */
size_t contract_locked(const struct mapping_props *m, const struct pinner_props *p,
		       const struct buffer *b, unsigned int pages)
{
	bool kept = (m->zero_page || m->private_reserved) && !p->writes &&
		    !contract_changed(LASTING_READS_BREAK_COW);
	size_t locked = 0;
	unsigned int i;

	for (i = 0; i < pages; i++)
		locked += layout_kind(b, i) == GOOD || (!m->unfreeable && !kept);
	return locked;
}

bool contract_shows_present(const struct mapping_props *m, const struct buffer *b, unsigned int i)
{
	return layout_kind(b, i) == GOOD || (!m->vma_refuses && !m->late);
}

bool contract_shows_writes(const struct mapping_props *m, const struct pinner_props *p,
			   const struct buffer *b, unsigned int i)
{
	return layout_kind(b, i) == GOOD || !p->in_child || !m->cow;
}

/*
 * io_buffer_account_pin(): a compound page is charged whole, once a registration, wherever in it
 * the buffer lies.
 */
size_t contract_charge(const struct mapping_props *m, const struct pinner_props *p,
		       const struct buffer *b, unsigned int pages)
{
	bool seen = false;
	size_t charge = 0;
	unsigned int i;

	if (p->by_page)
		return pages;

	for (i = 0; i < pages; i++) {
		if (layout_kind(b, i) != TESTED || m->compound == 1) {
			charge++;
		} else if (!seen) {
			charge += m->compound;
			seen = true;
		}
	}
	return charge;
}
