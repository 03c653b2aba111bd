// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of what the tests rely on and no kernel can check: pattern, layout, the model of GUP,
 * the callers' rules, the table of kernel changes, and the records. planted.list has errors that
 * these must notice.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../kselftest_harness.h"
#include "contract/explain.h"
#include "contract/record.h"
#include "contract/vma.h"
#include "pinners/access_remote_vm.h"
#include "pinners/pinner.h"

#define NOBODY 65534

static char anchor[8] __aligned(8);

static const struct pinner_ops *const pinners[] = {
#define PINNER(name) &pinner_##name,
	PINNERS(PINNER)
#undef PINNER
};

/* An ordinary shared page, as GUP meets it. */
static const struct user_page ordinary = {
	.vm_flags = VM_READ | VM_WRITE | VM_SHARED | VM_MAYREAD | VM_MAYWRITE,
	.write_faults = true, .has_count = true, .cpu_reaches = true,
};

static struct mapping_props memory(void)
{
	struct mapping_props m;

	record_default(&m);
	m.vm_flags = ordinary.vm_flags;
	return m;
}

/* Only the PTE is special, or the vma is VM_PFNMAP as well. */
static struct mapping_props special(void)
{
	struct mapping_props m = memory();

	m.special = true;
	return m;
}

static struct mapping_props pfnmap(void)
{
	struct mapping_props m = special();

	m.vm_flags |= VM_IO | VM_PFNMAP;
	return m;
}

/* For a mapping without granule and a pinner that takes any byte. */
static struct call call_of(const struct pinner_ops *ops, unsigned int flags,
			   const struct mapping_props *m, const char *layout)
{
	static struct buffer b;

	layout_fit(&b, layout_named(layout), anchor, 1, 1);
	return (struct call){
		.pinner = ops, .mapping = m, .buffer = &b, .flags = ops->flags | flags
	};
}

static struct verdict verdict_of(const struct pinner_ops *ops, const struct mapping_props *m,
				 const char *layout)
{
	struct call c = call_of(ops, 0, m, layout);

	return contract_verdict(&c);
}

FIXTURE(kernel_6_12) {};
FIXTURE_SETUP(kernel_6_12)
{
	ASSERT_TRUE(kernel_pretend("6.12.117"));
}

FIXTURE_TEARDOWN(kernel_6_12) {}

TEST(pattern_differs_in_every_page_and_word)
{
	uint64_t a[MAX_PAGE / 8], b[MAX_PAGE / 8];
	size_t i, j;

	pattern_fill(a, PATTERN_ID(1, 1), 0, PAGE);
	pattern_fill(b, PATTERN_ID(1, 2), 0, PAGE);
	for (i = 0; i < PAGE / 8; i++)
		for (j = 0; j < PAGE / 8; j++)
			ASSERT_TRUE(a[i] != b[j] && (i == j || a[i] != a[j]));
}

TEST(pattern_notices_one_changed_byte_anywhere)
{
	char page[MAX_PAGE];
	size_t at;

	for (at = 0; at < PAGE; at += 97) {
		pattern_fill(page, PATTERN_ID(3, 7), 0, PAGE);
		EXPECT_TRUE(pattern_holds(page, PATTERN_ID(3, 7), 0, PAGE));
		page[at] ^= 1;
		EXPECT_FALSE(pattern_holds(page, PATTERN_ID(3, 7), 0, PAGE));
		EXPECT_TRUE(pattern_holds(page, PATTERN_ID(3, 7), 0, at));
		EXPECT_TRUE(pattern_holds(page, PATTERN_ID(3, 7), at + 1, PAGE));
	}
}

TEST(pattern_fills_only_the_bytes_it_was_given)
{
	char page[MAX_PAGE] = { 0 };

	pattern_fill(page, PATTERN_ID(3, 7), 13, 1001);
	EXPECT_TRUE(pattern_holds(page, PATTERN_ZERO, 0, 13));
	EXPECT_TRUE(pattern_holds(page, PATTERN_ID(3, 7), 13, 1001));
	EXPECT_TRUE(pattern_holds(page, PATTERN_ZERO, 1001, PAGE));
}

TEST(pattern_names_the_page_that_came_instead)
{
	char page[MAX_PAGE], what[128];

	pattern_fill(page, PATTERN_ID(3, 8), 0, PAGE);
	pattern_explain(page, PATTERN_ID(3, 7), 16, PAGE, what, sizeof(what));
	EXPECT_STREQ("word 2 is of page 8, salt 3, not of page 7, salt 3", what);
	memset(page, 0, sizeof(page));
	pattern_explain(page, PATTERN_ID(3, 7), 0, PAGE, what, sizeof(what));
	EXPECT_STREQ("word 0 is zero", what);
}

TEST(every_mapping_says_what_it_is)
{
	size_t i;

	for (i = 0; mappings[i]; i++) {
		EXPECT_TRUE(mappings[i]->what && mappings[i]->what[0])
			TH_LOG("%s has no .what", mappings[i]->name);
	}
}

TEST(layout_iovecs_cover_the_buffer_once_and_in_order)
{
	static struct buffer b;
	size_t i, len;
	char *next;
	int v;

	for (i = 0; i < nr_layouts; i++) {
		layout_fit(&b, &layouts[i], anchor, 1, 512);
		next = anchor + b.first * (long)PAGE + b.head;
		for (v = 0, len = 0; v < b.niov; v++) {
			EXPECT_EQ(next, b.iov[v].iov_base);
			next += b.iov[v].iov_len;
			len += b.iov[v].iov_len;
		}
		EXPECT_EQ(b.len, len) TH_LOG("%s", layouts[i].name);
	}
}

TEST(layout_spans_add_up_to_the_bytes_before)
{
	static struct buffer b;
	size_t i, from, to, sum;
	unsigned int page;

	for (i = 0; i < nr_layouts; i++) {
		layout_fit(&b, &layouts[i], anchor, 1, 512);
		for (page = 0, sum = 0; page < b.pages; page++) {
			EXPECT_EQ(sum, layout_bytes_before(&b, page)) TH_LOG("%s", layouts[i].name);
			layout_span(&b, page, &from, &to);
			sum += to - from;
		}
		EXPECT_EQ(b.len, sum);
	}
}

TEST(layout_keeps_a_run_that_cannot_be_cut_whole)
{
	static struct buffer b;

	layout_fit(&b, layout_named("GPG"), anchor, 4, 1);
	EXPECT_EQ(6u, b.pages);
	EXPECT_EQ(4u, b.run);
	EXPECT_EQ(-1, b.first);
	layout_fit(&b, layout_named("PG"), anchor, 4, 1);
	EXPECT_EQ(2u, b.pages);
	EXPECT_EQ(3, b.first);
	EXPECT_EQ(3u, layout_run_page(&b, 0));
	EXPECT_TRUE(layout_kind(&b, 1) == GOOD);
}

TEST(layout_puts_the_hole_beside_p)
{
	static struct buffer b;

	layout_fit(&b, layout_named("HP"), anchor, 1, 1);
	EXPECT_TRUE(layout_kind(&b, 0) == HOLE);
	EXPECT_TRUE(layout_kind(&b, 1) == TESTED);
	layout_fit(&b, layout_named("GPH"), anchor, 1, 1);
	EXPECT_TRUE(layout_kind(&b, 0) == GOOD);
	EXPECT_TRUE(layout_kind(&b, 2) == HOLE);
}

/* The vma, in the order of check_vma_flags(). */
TEST_F(kernel_6_12, check_vma_flags_refuses_in_the_kernels_order)
{
	static const struct {
		unsigned int set, clear, flags;
		bool anonymous, fsdax, secretmem, dirty_tracked;
		int err;
	} cases[] = {
		{ .flags = FOLL_WRITE },
		{ .set = VM_IO, .err = EFAULT },
		{ .set = VM_PFNMAP, .err = EFAULT },
		{ .set = VM_MIXEDMAP },
		{ .flags = FOLL_ANON, .err = EFAULT },
		{ .flags = FOLL_ANON, .anonymous = true },
		{ .fsdax = true },
		{ .flags = FOLL_LONGTERM, .fsdax = true, .err = EOPNOTSUPP },
		{ .set = VM_IO, .flags = FOLL_LONGTERM, .fsdax = true, .err = EFAULT },
		{ .secretmem = true, .err = EFAULT },
		{ .flags = FOLL_WRITE | FOLL_LONGTERM, .dirty_tracked = true, .err = EFAULT },
		{ .flags = FOLL_WRITE, .dirty_tracked = true },
		{ .flags = FOLL_LONGTERM, .dirty_tracked = true },
		{ .flags = FOLL_WRITE, .clear = VM_WRITE, .err = EFAULT },
		{ .flags = FOLL_WRITE | FOLL_FORCE, .clear = VM_WRITE, .err = EFAULT },
		{ .flags = FOLL_WRITE | FOLL_FORCE, .clear = VM_WRITE | VM_SHARED },
		{ .flags = FOLL_WRITE | FOLL_FORCE,
		  .clear = VM_WRITE | VM_SHARED | VM_MAYWRITE, .err = EFAULT },
		{ .clear = VM_WRITE },
		{ .clear = VM_READ, .err = EFAULT },
		{ .flags = FOLL_FORCE, .clear = VM_READ },
		{ .flags = FOLL_FORCE, .clear = VM_READ | VM_MAYREAD, .err = EFAULT },
		{ .flags = FOLL_WRITE, .clear = VM_READ },
	};
	struct outcome o;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		o = check_vma_flags(&(struct user_page){
			.vm_flags = (ordinary.vm_flags | cases[i].set) & ~cases[i].clear,
			.anonymous = cases[i].anonymous, .fsdax = cases[i].fsdax,
			.secretmem = cases[i].secretmem, .dirty_tracked = cases[i].dirty_tracked,
		}, cases[i].flags);
		EXPECT_EQ(cases[i].err, o.err) TH_LOG("case %zu: %s", i, o.reason);
		EXPECT_EQ(o.err ? VMA_FLAGS : NOT_REFUSED, o.step);
	}
}

TEST_F(kernel_6_12, a_special_pte_is_eexist_and_a_walk_without_pages_skips_it)
{
	struct user_page page = ordinary;

	page.pte = PTE_SPECIAL;
	EXPECT_EQ(EEXIST, get_user_pages(&page, FOLL_PIN).err);
	EXPECT_EQ(EEXIST, gup(&page, FOLL_PIN | GUP_FAST).err);
	EXPECT_EQ(0, get_user_pages(&page, GUP_NO_PAGES).err);
	EXPECT_STREQ("7196040e19ad", get_user_pages(&page, FOLL_PIN).commit);
	page.vm_flags |= VM_PFNMAP;
	EXPECT_EQ(EFAULT, get_user_pages(&page, GUP_NO_PAGES).err);
}

/* The bug of 7196040e19ad: FOLL_PIN skipped the page. */
TEST(before_5_18_a_special_pte_is_efault_with_foll_get)
{
	struct user_page page = ordinary;

	page.pte = PTE_SPECIAL;
	ASSERT_TRUE(kernel_pretend("5.10.262"));
	EXPECT_EQ(EEXIST, get_user_pages(&page, FOLL_PIN).err);
	EXPECT_EQ(EFAULT, get_user_pages(&page, FOLL_GET).err);
	ASSERT_TRUE(kernel_pretend("5.18"));
	EXPECT_EQ(EEXIST, get_user_pages(&page, FOLL_PIN).err);
	EXPECT_EQ(EEXIST, get_user_pages(&page, FOLL_GET).err);
}

TEST_F(kernel_6_12, a_fault_that_fails_is_efault)
{
	struct user_page none = ordinary, readonly = ordinary, hole = {};

	none.pte = PTE_NONE;
	readonly.write_faults = false;
	EXPECT_EQ(FAULT, get_user_pages(&none, 0).step);
	EXPECT_EQ(FAULT, get_user_pages(&readonly, FOLL_WRITE).step);
	EXPECT_EQ(EFAULT, get_user_pages(&readonly, FOLL_WRITE).err);
	EXPECT_EQ(0, get_user_pages(&readonly, 0).err);
	EXPECT_EQ(NO_VMA, get_user_pages(&hole, 0).step);
	EXPECT_EQ(EFAULT, gup(&hole, GUP_FAST).err);
}

TEST_F(kernel_6_12, gup_fast_looks_at_the_pte_and_not_at_the_vma)
{
	struct user_page page = ordinary;

	page.vm_flags |= VM_IO | VM_PFNMAP;
	EXPECT_EQ(0, gup(&page, GUP_FAST | FOLL_PIN).err);
	EXPECT_EQ(EFAULT, gup(&page, FOLL_PIN).err);
	page.vm_flags &= ~VM_WRITE;
	EXPECT_EQ(0, gup(&page, GUP_FAST).err);
	EXPECT_EQ(EFAULT, gup(&page, GUP_FAST | FOLL_WRITE).err);
	page.vm_flags |= VM_WRITE;
	page.write_faults = false;
	EXPECT_EQ(EFAULT, gup(&page, GUP_FAST | FOLL_WRITE).err);
	page.pte = PTE_SPECIAL;
	EXPECT_EQ(EFAULT, gup(&page, GUP_FAST).err);
	page.pte = PTE_NONE;
	EXPECT_FALSE(gup_fast_pte_range(&page, 0));
	page.pte = PTE_NORMAL;
	page.vm_flags &= ~VM_READ;
	EXPECT_FALSE(gup_fast_pte_range(&page, 0));
}

TEST_F(kernel_6_12, gup_fast_leaves_some_folios_to_the_slow_walk)
{
	struct user_page secret = ordinary, dax = ordinary, dirty = ordinary;

	secret.secretmem = dax.fsdax = dirty.dirty_tracked = true;
	EXPECT_FALSE(gup_fast_pte_range(&secret, 0));
	EXPECT_TRUE(gup_fast_pte_range(&dax, 0));
	EXPECT_FALSE(gup_fast_pte_range(&dax, FOLL_LONGTERM));
	EXPECT_TRUE(gup_fast_pte_range(&dirty, FOLL_WRITE));
	EXPECT_FALSE(gup_fast_pte_range(&dirty, FOLL_WRITE | FOLL_LONGTERM));
}

TEST(gup_fast_takes_a_page_without_a_mapping_on_some_kernels)
{
	unsigned int longterm_write = FOLL_LONGTERM | FOLL_WRITE;
	struct user_page page = ordinary;

	page.no_mapping = true;
	ASSERT_TRUE(kernel_pretend("6.1"));
	EXPECT_TRUE(gup_fast_pte_range(&page, longterm_write));
	ASSERT_TRUE(kernel_pretend("6.8 FAST_SECRETMEM_FOLIO=0"));
	EXPECT_FALSE(gup_fast_pte_range(&page, longterm_write));
	EXPECT_TRUE(gup_fast_pte_range(&page, FOLL_WRITE));
	EXPECT_TRUE(gup_fast_pte_range(&page, FOLL_LONGTERM));
	ASSERT_TRUE(kernel_pretend("6.12 FAST_SECRETMEM_FOLIO=1"));
	EXPECT_FALSE(gup_fast_pte_range(&page, 0));
}

TEST_F(kernel_6_12, the_vma_becomes_pfnmap_on_the_first_fault)
{
	struct user_page page = ordinary;

	page.pfnmap_on_fault = true;
	page.pte = PTE_SPECIAL;
	EXPECT_EQ(EEXIST, get_user_pages(&page, 0).err);
	page.touched = true;
	EXPECT_EQ(EFAULT, get_user_pages(&page, 0).err);
}

TEST_F(kernel_6_12, a_core_dump_leaves_out_what_nobody_wrote)
{
	struct user_page zero = ordinary, fresh = ordinary;

	zero.pte = PTE_ZERO_PAGE;
	fresh.fresh = true;
	EXPECT_EQ(EFAULT, get_user_pages(&zero, FOLL_DUMP).err);
	EXPECT_EQ(0, get_user_pages(&zero, 0).err);
	EXPECT_EQ(EFAULT, get_user_pages(&fresh, FOLL_DUMP).err);
	fresh.touched = true;
	EXPECT_EQ(0, get_user_pages(&fresh, FOLL_DUMP).err);
}

TEST_F(kernel_6_12, a_caller_finds_the_pfn_of_what_a_cpu_reaches)
{
	struct user_page page = ordinary;

	EXPECT_FALSE(follow_pfnmap_start(&page, 0));
	page.pfnmap_on_fault = true;
	EXPECT_TRUE(follow_pfnmap_start(&page, 0));
	page.pfnmap_on_fault = false;
	page.vm_flags |= VM_IO;
	EXPECT_TRUE(follow_pfnmap_start(&page, FOLL_WRITE));
	page.write_faults = false;
	EXPECT_FALSE(follow_pfnmap_start(&page, FOLL_WRITE));
	page.cpu_reaches = false;
	EXPECT_FALSE(follow_pfnmap_start(&page, 0));
}

TEST_F(kernel_6_12, a_cpu_obeys_the_protection_of_the_vma)
{
	struct user_page page = ordinary;

	EXPECT_TRUE(cpu_access(&page, FOLL_WRITE));
	page.vm_flags &= ~VM_WRITE;
	EXPECT_TRUE(cpu_access(&page, 0));
	EXPECT_FALSE(cpu_access(&page, FOLL_WRITE));
	page.vm_flags &= ~VM_READ;
	EXPECT_FALSE(cpu_access(&page, 0));
}

TEST_F(kernel_6_12, only_ordinary_vmas_are_migratable)
{
	struct user_page io = ordinary, late = ordinary, device = ordinary, dax = ordinary;

	io.vm_flags |= VM_IO;
	late.pfnmap_on_fault = device.zone_device = dax.fsdax = true;
	EXPECT_TRUE(vma_migratable(&ordinary));
	EXPECT_FALSE(vma_migratable(&io));
	EXPECT_FALSE(vma_migratable(&late));
	EXPECT_FALSE(vma_migratable(&device));
	EXPECT_FALSE(vma_migratable(&dax));
}

/* move_pages() without nodes. */
TEST(a_walk_without_faults_reports_what_is_there)
{
	static const struct {
		struct user_page page;
		int walks, follows;	/* errno with FOLIO_WALK, and without */
	} cases[] = {
		{ { .vm_flags = VM_READ, .cpu_reaches = true }, 0, 0 },
		{ { .vm_flags = VM_READ | VM_IO, .cpu_reaches = true }, 0, 0 },
		{ { .cpu_reaches = true }, EFAULT, EFAULT },
		{ { .vm_flags = VM_READ }, ENOENT, ENOENT },
		{ { .vm_flags = VM_WRITE, .cpu_reaches = true }, ENOENT, ENOENT },
		{ { .vm_flags = VM_WRITE, .cpu_reaches = true, .pte = PTE_ZERO_PAGE },
		  ENOENT, EFAULT },
		{ { .vm_flags = VM_READ, .cpu_reaches = true, .pte = PTE_ZERO_PAGE },
		  EFAULT, EFAULT },
		{ { .vm_flags = VM_READ, .cpu_reaches = true, .pte = PTE_SPECIAL },
		  ENOENT, EFAULT },
		{ { .vm_flags = VM_READ, .cpu_reaches = true, .zone_device = true },
		  ENOENT, ENOENT },
		{ { .vm_flags = VM_READ, .cpu_reaches = true, .fsdax = true }, ENOENT, ENOENT },
		{ { .vm_flags = VM_READ, .cpu_reaches = true, .secretmem = true }, 0, ENOENT },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_TRUE(kernel_pretend("6.12"));
		EXPECT_EQ(cases[i].walks, folio_walk_start(&cases[i].page).err)
			TH_LOG("case %zu", i);
		ASSERT_TRUE(kernel_pretend("6.1"));
		EXPECT_EQ(cases[i].follows, folio_walk_start(&cases[i].page).err)
			TH_LOG("case %zu", i);
	}
}

static struct verdict short_is_eio(const struct call *c)
{
	return pinned_at_once(c, EIO);
}

TEST_F(kernel_6_12, pinned_at_once_returns_its_own_errno_for_a_short_answer)
{
	const struct pinner_ops ops = { .rule = short_is_eio, .flags = FOLL_PIN };
	struct mapping_props m = memory(), bad = special();

	EXPECT_EQ(3 * PAGE, verdict_of(&ops, &m, "GPG").bytes);
	EXPECT_EQ(EEXIST, verdict_of(&ops, &bad, "PG").err);
	EXPECT_EQ(EIO, verdict_of(&ops, &bad, "GP").err);
	EXPECT_EQ(EEXIST, verdict_of(&ops, &bad, "GPG,split").err);
	EXPECT_EQ(1u, verdict_of(&ops, &bad, "GP").reach);
}

static struct verdict asks_again(const struct call *c)
{
	return pinned_iovec_by_iovec(c, call_gup);
}

/* The fault of the first call has set VM_PFNMAP. */
TEST_F(kernel_6_12, the_second_call_sees_what_the_fault_of_the_first_did)
{
	const struct pinner_ops ops = { .rule = asks_again, .flags = FOLL_PIN };
	struct mapping_props m = special();

	m.pfnmap_on_fault = true;
	EXPECT_EQ(EEXIST, verdict_of(&ops, &m, "P").err);
	EXPECT_EQ(EEXIST, verdict_of(&ops, &m, "PG").err);
	EXPECT_EQ(EFAULT, verdict_of(&ops, &m, "GP").err);
	EXPECT_EQ(EFAULT, verdict_of(&ops, &m, "P,touched").err);
	EXPECT_EQ(EEXIST, verdict_of(&ops, &m, "GPG,split").err);
}

TEST_F(kernel_6_12, a_short_count_loses_the_errno_but_of_the_first_page)
{
	const struct pinner_ops ops = { .rule = short_count }, each = { .rule = page_by_page };
	struct mapping_props m = special(), end = special(), none = memory();

	EXPECT_EQ(PAGE, verdict_of(&ops, &m, "GPG").bytes);
	EXPECT_EQ(EEXIST, verdict_of(&ops, &m, "PG").err);
	EXPECT_EQ(EEXIST, verdict_of(&each, &m, "GPG").err);
	EXPECT_EQ(1u, verdict_of(&each, &m, "GPG").reach);
	end.normal_pages = 1;
	EXPECT_EQ(PAGE, verdict_of(&ops, &end, "PP").bytes);
	none.fault_pages = 1;
	EXPECT_EQ(PAGE, verdict_of(&ops, &none, "PP").bytes);
	EXPECT_EQ(2 * PAGE, verdict_of(&ops, &m, "GPH").bytes + PAGE);
}

TEST_F(kernel_6_12, a_cpu_copies_as_far_as_it_reaches)
{
	const struct pinner_ops ops = { .rule = cpu_copies }, whole = { .rule = cpu_copies_whole };
	const struct pinner_ops writes = { .rule = cpu_copies_whole, .flags = FOLL_WRITE };
	struct mapping_props m = pfnmap();

	EXPECT_EQ(2 * PAGE, verdict_of(&ops, &m, "GP").bytes);
	EXPECT_EQ(2 * PAGE, verdict_of(&whole, &m, "GP").bytes);
	m.cpu_pages = 0;
	EXPECT_EQ(PAGE, verdict_of(&ops, &m, "GP").bytes);
	EXPECT_EQ(EFAULT, verdict_of(&ops, &m, "PG").err);
	EXPECT_EQ(EFAULT, verdict_of(&whole, &m, "GP").err);
	EXPECT_EQ(0u, verdict_of(&whole, &m, "GP").reach);
	EXPECT_EQ(1u, verdict_of(&writes, &m, "GP").reach);
}

TEST_F(kernel_6_12, a_child_has_no_vma_that_is_not_copied)
{
	const struct pinner_ops parent = { .rule = short_count };
	const struct pinner_ops child = { .rule = short_count, .in_child = true };
	struct mapping_props m = memory();

	m.vm_flags |= VM_DONTCOPY;
	EXPECT_EQ(0, verdict_of(&parent, &m, "P").err);
	EXPECT_EQ(EFAULT, verdict_of(&child, &m, "P").err);
}

TEST_F(kernel_6_12, what_a_child_writes_into_private_memory_is_its_own)
{
	const struct pinner_ops parent = { .rule = short_count };
	const struct pinner_ops child = { .rule = short_count, .in_child = true };
	struct mapping_props shared = memory(), private = memory();
	struct call c = call_of(&child, 0, &private, "GP");

	private.vm_flags &= ~VM_SHARED;
	EXPECT_TRUE(contract_shows_writes(&c, 0));
	EXPECT_FALSE(contract_shows_writes(&c, 1));
	c.pinner = &parent;
	EXPECT_TRUE(contract_shows_writes(&c, 1));
	c.pinner = &child;
	c.mapping = &shared;
	EXPECT_TRUE(contract_shows_writes(&c, 1));
}

TEST_F(kernel_6_12, pagemap_shows_no_page_of_a_pfnmap_vma)
{
	const struct pinner_ops ops = { .rule = short_count };
	struct mapping_props m = memory(), pf = pfnmap(), late = special();
	struct call c = call_of(&ops, 0, &m, "GP");

	late.pfnmap_on_fault = true;
	EXPECT_TRUE(contract_shows_present(&c, 1));
	c.mapping = &pf;
	EXPECT_TRUE(contract_shows_present(&c, 0));
	EXPECT_FALSE(contract_shows_present(&c, 1));
	c.mapping = &late;
	EXPECT_FALSE(contract_shows_present(&c, 1));
}

TEST_F(kernel_6_12, a_pinner_may_be_short_that_counts_what_came_before)
{
	const struct pinner_ops counts = { .rule = short_count }, whole = { .rule = page_by_page };
	struct mapping_props m = memory();
	struct call c = call_of(&counts, 0, &m, "P");

	EXPECT_TRUE(contract_may_be_short(&c));
	c.pinner = &whole;
	EXPECT_FALSE(contract_may_be_short(&c));
}

TEST_F(kernel_6_12, a_call_without_memory_may_fail_or_do_less)
{
	const struct pinner_ops counts = { .rule = short_count, .no_memory = EACCES };
	const struct pinner_ops whole = { .rule = page_by_page };
	struct mapping_props m = memory();
	struct verdict want = { .bytes = 2 * PAGE };
	struct call c = call_of(&counts, 0, &m, "GP");

	EXPECT_TRUE(contract_met_without_memory(&c, want, -ENOMEM));
	EXPECT_TRUE(contract_met_without_memory(&c, want, -EACCES));
	EXPECT_TRUE(contract_met_without_memory(&c, want, PAGE));
	EXPECT_FALSE(contract_met_without_memory(&c, want, 0));
	EXPECT_FALSE(contract_met_without_memory(&c, want, 2 * PAGE + 1));
	c.pinner = &whole;
	EXPECT_FALSE(contract_met_without_memory(&c, want, -EACCES));
	EXPECT_FALSE(contract_met_without_memory(&c, want, PAGE));
}

/* The flags of a vma decide the other system calls on it. */
TEST_F(kernel_6_12, a_special_vma_is_not_locked_grown_or_dumped)
{
	static const struct {
		unsigned int vm_flags;
		size_t locked;
		int cold, dodump, dofork, resize;
	} cases[] = {
		{ VM_READ, 2, 0, 0, 0, 0 },
		{ VM_READ | VM_IO, 0, 0, EINVAL, EINVAL, 0 },
		{ VM_READ | VM_PFNMAP, 0, EINVAL, EINVAL, 0, EFAULT },
		{ VM_READ | VM_DONTEXPAND, 0, 0, EINVAL, 0, EFAULT },
		{ VM_READ | VM_MIXEDMAP, 0, 0, EINVAL, 0, 0 },
		{ VM_READ | VM_LOCKED, 2, EINVAL, 0, 0, 0 },
		{ 0, 0, ENOMEM, ENOMEM, ENOMEM, EFAULT },
	};
	struct mapping_props m = memory();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		m.vm_flags = cases[i].vm_flags;
		EXPECT_EQ(cases[i].locked, mlock_fixup(&m, 2)) TH_LOG("case %zu", i);
		EXPECT_EQ(cases[i].cold, madvise_vma_behavior(&m, MADV_COLD));
		EXPECT_EQ(cases[i].dodump, madvise_vma_behavior(&m, MADV_DODUMP));
		EXPECT_EQ(cases[i].dofork, madvise_vma_behavior(&m, MADV_DOFORK));
		EXPECT_EQ(m.vm_flags ? 0 : ENOMEM, madvise_vma_behavior(&m, MADV_DONTFORK));
		EXPECT_EQ(cases[i].resize, vma_to_resize(&m));
	}
}

TEST(some_vmas_are_locked_by_mmap_alone_or_stay_locked)
{
	struct mapping_props secret = memory(), late = memory(), dax = memory();

	secret.secretmem = late.pfnmap_on_fault = dax.fsdax = true;
	EXPECT_EQ(0u, mlock_fixup(&secret, 2));
	EXPECT_EQ(0u, mlock_fixup(&dax, 2));
	EXPECT_EQ(0u, munlock_leaves(&secret, 2, false));
	EXPECT_EQ(2u, munlock_leaves(&secret, 2, true));
	EXPECT_EQ(2u, munlock_leaves(&late, 2, false));
	EXPECT_EQ(0u, munlock_leaves(&dax, 2, true));
}

TEST(a_child_reads_what_is_copied_and_readable)
{
	struct mapping_props m = memory(), none = mprotect_fixup(&m);

	EXPECT_TRUE(dup_mmap(&m));
	EXPECT_FALSE(dup_mmap(&none));
	m.vm_flags |= VM_DONTCOPY;
	EXPECT_FALSE(dup_mmap(&m));
}

TEST_F(kernel_6_12, the_environment_is_read_from_anonymous_memory)
{
	struct mapping_props m = memory(), device = pfnmap();
	struct call c = call_of(&pinner_proc_mem, 0, &m, "P");

	EXPECT_EQ(0u, environ_bytes(&m, c.buffer));
	EXPECT_EQ(0u, environ_bytes(&device, c.buffer));
	m.anonymous = device.has_access = true;
	EXPECT_EQ(PAGE, environ_bytes(&m, c.buffer));
	EXPECT_EQ(PAGE, environ_bytes(&device, c.buffer));
}

TEST_F(kernel_6_12, registered_buffers_charge_a_huge_page_whole_and_once)
{
	struct mapping_props huge = memory(), m = memory();
	static struct buffer b;
	struct call c = { .pinner = &pinner_register_buffers, .mapping = &huge, .buffer = &b };

	huge.compound = 512;
	layout_fit(&b, layout_named("GP"), anchor, 512, 1);
	EXPECT_EQ(513u, c.pinner->vm_pin(&c, 2));
	EXPECT_EQ(1u, c.pinner->vm_pin(&c, 1));
	layout_fit(&b, layout_named("PP"), anchor, 512, 1);
	EXPECT_EQ(512u, c.pinner->vm_pin(&c, 2));
	c.mapping = &m;
	EXPECT_EQ(2u, c.pinner->vm_pin(&c, 2));
}

TEST(since_7_2_registered_buffers_of_a_task_with_ipc_lock_are_not_charged)
{
	struct mapping_props m = memory();
	static struct buffer b;
	struct call c = { .pinner = &pinner_register_buffers, .mapping = &m, .buffer = &b };

	layout_fit(&b, layout_named("GP"), anchor, 1, 1);
	ASSERT_TRUE(kernel_pretend("7.1"));
	EXPECT_EQ(2u, c.pinner->vm_pin(&c, 2));
	ASSERT_TRUE(kernel_pretend("7.2"));
	if (pinner_has_ipc_lock()) {
		EXPECT_EQ(0u, c.pinner->vm_pin(&c, 2));
		ASSERT_EQ(0, setuid(NOBODY));
	}
	EXPECT_EQ(2u, c.pinner->vm_pin(&c, 2));
}

TEST(every_pinner_names_its_caller_and_defects_of_the_table)
{
	const struct defect *d;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pinners); i++) {
		EXPECT_TRUE(pinners[i]->rule && pinners[i]->caller) TH_LOG("%s", pinners[i]->name);
		for (d = pinners[i]->defects; d && d->id; d++)
			EXPECT_GE(d->id, NR_KERNEL_CHANGES);
	}
}

TEST(the_table_of_changes_is_complete_and_in_order)
{
	const struct kernel_entry *e, *before;
	size_t i;

	for (i = NO_CHANGE + 1; i < NR_KERNEL_ENTRIES; i++) {
		e = &kernel_entries[i];
		before = e - 1;
		ASSERT_TRUE(e->name && e->what && (e->since.major || e->probe));
		if (i == NO_CHANGE + 1 || i == NR_KERNEL_CHANGES || !e->since.major)
			continue;
		EXPECT_TRUE(e->since.major > before->since.major ||
			    (e->since.major == before->since.major &&
			     e->since.minor >= before->since.minor))
			TH_LOG("%s", e->name);
	}
}

static bool has_on(const char *kernel, enum kernel_change c)
{
	return kernel_pretend(kernel) && kernel_has(c);
}

TEST(a_kernel_has_what_came_with_its_release_or_its_stable_series)
{
	EXPECT_FALSE(has_on("6.7.12", METADATA_PINNED));
	EXPECT_TRUE(has_on("6.8", METADATA_PINNED));
	EXPECT_TRUE(has_on("7.0", METADATA_PINNED));
	EXPECT_FALSE(has_on("5.19.17", METADATA_PINNED));
	EXPECT_FALSE(has_on("6.12.91", METADATA_PINS_BACKWARDS));
	EXPECT_TRUE(has_on("6.12.92", METADATA_PINS_BACKWARDS));
	EXPECT_TRUE(has_on("6.13.1", METADATA_PINS_BACKWARDS));
	EXPECT_FALSE(has_on("6.11.92", METADATA_PINS_BACKWARDS));
	EXPECT_FALSE(has_on("6.16", METADATA_PINS_BACKWARDS));
	EXPECT_FALSE(has_on("6.16", NO_CHANGE));
}

TEST(what_was_found_out_decides_over_the_release)
{
	EXPECT_TRUE(has_on("5.14 FOLIO_WALK=1", FOLIO_WALK));
	EXPECT_FALSE(has_on("7.3 FOLIO_WALK=0,KVM_NO_PFN_REFS=1", FOLIO_WALK));
	EXPECT_TRUE(has_on("5.14 FOLIO_WALK=0,KVM_NO_PFN_REFS=1", KVM_NO_PFN_REFS));
	EXPECT_FALSE(kernel_pretend("6.12 FOLIO=1"));
	EXPECT_FALSE(kernel_pretend("6.12 FOLIO_WALK"));
	EXPECT_FALSE(kernel_pretend("6.12 FOLIO_WALK=2"));
	EXPECT_FALSE(kernel_pretend("6.12 FOLIO_WALK=1;"));
	EXPECT_FALSE(kernel_pretend("6.12 FOLIO_WALK=1,"));
	EXPECT_FALSE(kernel_pretend("6.12 FOLIO_WALK=1,,BIO_PINS=0"));
	EXPECT_FALSE(kernel_pretend("linux"));
}

TEST(the_environment_decides_over_probe_and_release)
{
	setenv("PFNMAP_KERNEL_HAS", "POPULATE_IN_ORDER=0,BIO_PINS=0", 1);
	EXPECT_FALSE(kernel_has(POPULATE_IN_ORDER));
	EXPECT_FALSE(kernel_has(BIO_PINS));
}

TEST(a_kernel_is_described_so_that_another_can_pretend_to_be_it)
{
	char text[512];

	ASSERT_TRUE(kernel_pretend("6.12.117 FOLIO_WALK=0,SIW_IB_UMEM=1"));
	EXPECT_STREQ("6.12.117 SIW_IB_UMEM=1,FOLIO_WALK=0", kernel_describe(text, sizeof(text)));
}

TEST(a_flipped_change_is_the_contrary_until_it_is_flipped_back)
{
	ASSERT_TRUE(kernel_pretend("6.12"));
	kernel_flip(BIO_PINS);
	EXPECT_FALSE(kernel_has(BIO_PINS));
	EXPECT_TRUE(kernel_has(SIW_IB_UMEM));
	kernel_flip(BIO_PINS);
	EXPECT_TRUE(kernel_has(BIO_PINS));
}

TEST_F(kernel_6_12, a_defect_explains_one_result_and_no_other)
{
	struct verdict want = { .err = EFAULT }, seen = { .bytes = 2 };
	struct mapping_props m = pfnmap();
	struct call c = call_of(&pinner_direct, 0, &m, "PG,sub");

	EXPECT_NE(NULL, defect_find(&c, want, seen));
	seen.bytes = 1;
	EXPECT_EQ(NULL, defect_find(&c, want, seen));
	seen = (struct verdict){ .err = EIO };
	EXPECT_EQ(NULL, defect_find(&c, want, seen));
	seen = (struct verdict){ .bytes = 2 };
	c.flags |= FOLL_WRITE;
	EXPECT_EQ(NULL, defect_find(&c, want, seen));
	c = call_of(&pinner_direct, 0, &m, "PG");
	EXPECT_EQ(NULL, defect_find(&c, want, (struct verdict){ .bytes = 2 * PAGE }));
	c = call_of(&pinner_direct, 0, &m, "PG,sub");
	ASSERT_TRUE(kernel_pretend("6.11"));
	EXPECT_EQ(NULL, defect_find(&c, want, seen));
}

TEST(a_defect_shows_a_virtual_cpu_only_what_is_secret)
{
	struct verdict want = { .err = EFAULT, .why.err = EFAULT }, seen = { .bytes = PAGE };
	struct mapping_props m = memory();
	struct call c = call_of(&pinner_kvm, 0, &m, "P");

	ASSERT_TRUE(kernel_pretend("6.18.44 KVM_SHOWS_SECRETMEM=1"));
	EXPECT_EQ(NULL, defect_find(&c, want, seen));
	m.secretmem = true;
	EXPECT_NE(NULL, defect_find(&c, want, seen));
	ASSERT_TRUE(kernel_pretend("6.18.44"));
	EXPECT_EQ(NULL, defect_find(&c, want, seen));
}

TEST(before_5_11_a_page_of_filesystem_dax_drops_those_before_it)
{
	struct mapping_props m = memory();
	const struct pinner_ops slow = { .rule = short_count, .flags = FOLL_PIN | FOLL_LONGTERM };
	const struct pinner_ops fast = {
		.rule = short_count, .flags = FOLL_PIN | FOLL_LONGTERM | GUP_FAST,
	};
	const struct pinner_ops short_term = { .rule = short_count, .flags = FOLL_PIN };

	m.fsdax = true;
	ASSERT_TRUE(kernel_pretend("5.10.262"));
	EXPECT_EQ(EOPNOTSUPP, verdict_of(&slow, &m, "GP").err);
	EXPECT_EQ(PAGE, verdict_of(&slow, &m, "GPG,split").bytes);
	EXPECT_EQ(PAGE, verdict_of(&fast, &m, "GP").bytes);
	EXPECT_EQ(2 * PAGE, verdict_of(&short_term, &m, "GP").bytes);
	ASSERT_TRUE(kernel_pretend("5.11"));
	EXPECT_EQ(PAGE, verdict_of(&slow, &m, "GP").bytes);
}

TEST(before_6_0_gup_fast_takes_what_a_huge_fault_put_in)
{
	struct mapping_props m = pfnmap();
	struct call c = call_of(&pinner_direct, 0, &m, "GPG");
	struct verdict want, whole = { .bytes = 3 * PAGE };

	ASSERT_TRUE(kernel_pretend("5.10.262"));
	want = contract_verdict(&c);
	EXPECT_EQ(EFAULT, want.err);
	EXPECT_EQ(NULL, defect_find(&c, want, whole));
	m.by_pmd = true;
	EXPECT_NE(NULL, defect_find(&c, want, whole));
	ASSERT_TRUE(kernel_pretend("6.1"));
	EXPECT_EQ(NULL, defect_find(&c, want, whole));
}

TEST(before_6_0_bytes_of_a_huge_fault_move)
{
	struct mapping_props m = pfnmap();
	struct call c = call_of(&pinner_direct, 0, &m, "GPH");

	ASSERT_TRUE(kernel_pretend("5.10.262"));
	EXPECT_EQ(NULL, defect_find_moved(&c, 1));
	m.by_pmd = true;
	EXPECT_NE(NULL, defect_find_moved(&c, 1));
	EXPECT_EQ(NULL, defect_find_moved(&c, 2));
	ASSERT_TRUE(kernel_pretend("6.1"));
	EXPECT_EQ(NULL, defect_find_moved(&c, 1));
}

TEST(before_6_0_vfio_does_not_meet_a_huge_pfn_mapping)
{
	struct mapping_props m = special();

	m.vm_flags |= VM_PFNMAP;
	ASSERT_TRUE(kernel_pretend("5.10.262"));
	EXPECT_EQ(NULL, defect_left_out(&pinner_type1, &m));
	m.by_pmd = true;
	EXPECT_NE(NULL, defect_left_out(&pinner_type1, &m));
	m.special = false;
	EXPECT_EQ(NULL, defect_left_out(&pinner_type1, &m));
	m.special = true;
	ASSERT_TRUE(kernel_pretend("6.1"));
	EXPECT_EQ(NULL, defect_left_out(&pinner_type1, &m));
}

TEST(what_the_cpu_wrote_explains_a_write_only)
{
	struct mapping_props m = pfnmap();
	struct call out = call_of(&pinner_direct, 0, &m, "GPG");
	struct call in = call_of(&pinner_direct, FOLL_WRITE, &m, "GPG");
	struct verdict want = { .err = EFAULT }, whole = { .bytes = 3 * PAGE };

	ASSERT_TRUE(kernel_pretend("6.16.12"));
	EXPECT_NE(NULL, defect_find(&out, want, whole));
	EXPECT_EQ(NULL, defect_find(&in, want, whole));
	EXPECT_EQ(NULL, defect_find(&out, want, (struct verdict){ .bytes = PAGE }));
	EXPECT_NE(NULL, defect_find_flaw(&pinner_direct, READS_BY_CPU));
	ASSERT_TRUE(kernel_pretend("6.17.3"));
	EXPECT_NE(NULL, defect_find(&out, want, whole));
	ASSERT_TRUE(kernel_pretend("6.17.4"));
	EXPECT_EQ(NULL, defect_find(&out, want, whole));
}

TEST(netfs_loses_the_errno_of_a_call_that_moved_nothing)
{
	struct mapping_props m = pfnmap();
	struct call out = call_of(&pinner_virtio_9p, 0, &m, "P");
	struct call in = call_of(&pinner_virtio_9p, FOLL_WRITE, &m, "P");
	struct verdict want = { .err = EFAULT }, none = {}, eio = { .err = EIO };

	ASSERT_TRUE(kernel_pretend("6.18.15"));
	EXPECT_NE(NULL, defect_find(&out, want, none));
	EXPECT_NE(NULL, defect_find(&in, want, eio));
	EXPECT_EQ(NULL, defect_find(&in, want, none));
	EXPECT_EQ(NULL, defect_find(&out, (struct verdict){ .bytes = PAGE }, none));
	EXPECT_EQ(NULL, defect_find(&out, want, (struct verdict){ .bytes = PAGE }));
}

TEST(a_huge_page_of_device_dax_is_left_out_up_to_7_1)
{
	struct mapping_props m = memory();

	ASSERT_TRUE(kernel_pretend("6.18.15"));
	m.zone_device = true;
	EXPECT_EQ(NULL, defect_left_out(&pinner_futex, &m));
	m.by_pmd = true;
	EXPECT_NE(NULL, defect_left_out(&pinner_futex, &m));
	m.zone_device = false;
	EXPECT_EQ(NULL, defect_left_out(&pinner_futex, &m));
}

TEST(before_5_18_foll_pin_of_a_special_pte_is_deadly)
{
	struct mapping_props m = special();
	struct call c = call_of(&pinner_pin, 0, &m, "GPG");
	struct verdict whole = { .bytes = 3 * PAGE };
	const struct defect *d;

	ASSERT_TRUE(kernel_pretend("5.10.262"));
	d = defect_find(&c, contract_verdict(&c), whole);
	ASSERT_NE(NULL, d);
	EXPECT_EQ(PFN_SLOT_UNWRITTEN, d->id);
	EXPECT_EQ(NULL, defect_left_out(&pinner_pin, &m));
	EXPECT_NE(NULL, defect_left_out(&pinner_register_buffers, &m));
	EXPECT_EQ(NULL, defect_left_out(&pinner_register_buffers, NULL));
	EXPECT_EQ(NULL, defect_left_out(&pinner_direct, &m));
	m.normal_pages = 2;
	EXPECT_NE(NULL, defect_left_out(&pinner_register_buffers, &m));
	m.special = false;
	EXPECT_EQ(NULL, defect_left_out(&pinner_pin, &m));
	m = special();
	ASSERT_TRUE(kernel_pretend("5.18"));
	EXPECT_EQ(NULL, defect_find(&c, contract_verdict(&c), whole));
	EXPECT_EQ(NULL, defect_left_out(&pinner_pin, &m));
}

/* A cell that would kill the kernel is left out, unless the entry is overridden. */
TEST(a_deadly_defect_is_found_for_the_mapping_that_triggers_it)
{
	struct mapping_props m = memory(), dax = memory();
	const char *why;

	dax.zone_device = true;
	ASSERT_TRUE(kernel_pretend("6.18.15"));
	EXPECT_NE(NULL, defect_left_out(&pinner_nvme_metadata, NULL));
	EXPECT_EQ(NULL, defect_left_out(&pinner_direct, NULL));
	EXPECT_EQ(NULL, defect_left_out(&pinner_direct, &m));
	why = defect_left_out(&pinner_direct, &dax);
	ASSERT_NE(NULL, why);
	EXPECT_NE(NULL, strstr(why, "PFNMAP_KERNEL_HAS=DAX_BIO_MIXED=0"));
	ASSERT_TRUE(kernel_pretend("6.18.15 DAX_BIO_MIXED=0"));
	EXPECT_EQ(NULL, defect_left_out(&pinner_direct, &dax));
	ASSERT_TRUE(kernel_pretend("7.3.4"));
	EXPECT_EQ(NULL, defect_left_out(&pinner_nvme_metadata, NULL));
}

TEST(asynchronous_io_on_a_block_device_is_short_where_dax_begins_since_7_2)
{
	struct mapping_props dax = memory();

	dax.zone_device = true;
	ASSERT_TRUE(kernel_pretend("6.12"));
	EXPECT_EQ(2 * PAGE, verdict_of(&pinner_block_aio, &dax, "GP").bytes);
	ASSERT_TRUE(kernel_pretend("7.2"));
	EXPECT_EQ(PAGE, verdict_of(&pinner_block_aio, &dax, "GP").bytes);
	EXPECT_EQ(PAGE, verdict_of(&pinner_block_aio, &dax, "PG").bytes);
	EXPECT_EQ(2 * PAGE, verdict_of(&pinner_block_aio, &dax, "PP").bytes);
	EXPECT_EQ(2 * PAGE, verdict_of(&pinner_block, &dax, "GP").bytes);
}

TEST(rds_keeps_the_errno_of_its_pin_since_7_2)
{
	struct mapping_props m = special();

	ASSERT_TRUE(kernel_pretend("6.12"));
	EXPECT_EQ(EAGAIN, verdict_of(&pinner_rds_info, &m, "P").err);
	ASSERT_TRUE(kernel_pretend("7.2"));
	EXPECT_EQ(EEXIST, verdict_of(&pinner_rds_info, &m, "P").err);
	EXPECT_EQ(EAGAIN, verdict_of(&pinner_rds_info, &m, "GP").err);
}

TEST(proc_mem_overrides_protection_where_the_kernel_is_configured_so)
{
	struct mapping_props m = memory();

	m.vm_flags &= ~VM_READ;
	ASSERT_TRUE(kernel_pretend("6.12 PROC_MEM_FORCE_PTRACE=0"));
	EXPECT_EQ(PAGE, verdict_of(&pinner_proc_mem, &m, "P").bytes);
	ASSERT_TRUE(kernel_pretend("6.12 PROC_MEM_FORCE_PTRACE=1"));
	EXPECT_EQ(EIO, verdict_of(&pinner_proc_mem, &m, "P").err);
	EXPECT_EQ(PAGE, verdict_of(&pinner_ptrace, &m, "P").bytes);
}

TEST(gup_fast_takes_pages_without_a_mapping_again_since_7_3)
{
	struct user_page page = ordinary;

	page.no_mapping = true;
	ASSERT_TRUE(kernel_pretend("7.2"));
	EXPECT_FALSE(gup_fast_pte_range(&page, 0));
	ASSERT_TRUE(kernel_pretend("7.3"));
	EXPECT_TRUE(gup_fast_pte_range(&page, FOLL_WRITE));
	EXPECT_FALSE(gup_fast_pte_range(&page, FOLL_WRITE | FOLL_LONGTERM));
}

TEST(madv_dofork_is_refused_for_every_special_vma_since_7_2)
{
	struct mapping_props m = pfnmap();

	m.vm_flags = VM_READ | VM_MIXEDMAP;
	ASSERT_TRUE(kernel_pretend("6.12"));
	EXPECT_EQ(0, madvise_vma_behavior(&m, MADV_DOFORK));
	ASSERT_TRUE(kernel_pretend("7.3"));
	EXPECT_EQ(EINVAL, madvise_vma_behavior(&m, MADV_DOFORK));
}

TEST(a_core_has_the_vdso_and_vvar_whatever_their_flags)
{
	struct mapping_props m = memory();

	m.vm_flags |= VM_DONTDUMP;
	m.always_dumped = true;
	ASSERT_TRUE(kernel_pretend("7.3"));
	EXPECT_EQ(PAGE, verdict_of(&pinner_core_dump, &m, "P").bytes);
}

TEST(a_virtual_cpu_is_given_tail_pages_since_6_13)
{
	struct mapping_props m = pfnmap();

	m.counted_pages = 1;
	ASSERT_TRUE(kernel_pretend("6.12"));
	EXPECT_EQ(PAGE, verdict_of(&pinner_kvm, &m, "PP").bytes);
	ASSERT_TRUE(kernel_pretend("6.13"));
	EXPECT_EQ(2 * PAGE, verdict_of(&pinner_kvm, &m, "PP").bytes);
}

TEST_F(kernel_6_12, a_core_has_what_the_owner_could_read_and_did_not_mark)
{
	struct mapping_props marked = memory(), shut = memory();

	marked.vm_flags |= VM_DONTDUMP;
	shut.vm_flags &= ~VM_READ;
	EXPECT_EQ(EFAULT, verdict_of(&pinner_core_dump, &marked, "P").err);
	EXPECT_EQ(PAGE, verdict_of(&pinner_core_dump, &shut, "P").bytes);
}

TEST_F(kernel_6_12, a_shared_futex_has_no_key_in_anonymous_memory_that_is_read_only)
{
	struct mapping_props m = memory();

	m.vm_flags = VM_READ | VM_MAYREAD | VM_MAYWRITE;
	EXPECT_EQ(0, verdict_of(&pinner_futex, &m, "P").err);
	m.anonymous = true;
	EXPECT_EQ(EFAULT, verdict_of(&pinner_futex, &m, "P").err);
	m.vm_flags |= VM_WRITE;
	EXPECT_EQ(0, verdict_of(&pinner_futex, &m, "P").err);
}

TEST_F(kernel_6_12, a_shared_futex_has_no_key_in_the_zero_page)
{
	struct mapping_props m = memory();

	EXPECT_EQ(0, verdict_of(&pinner_futex, &m, "P").err);
	m.zero_page = true;
	EXPECT_EQ(EFAULT, verdict_of(&pinner_futex, &m, "P").err);
}

TEST_F(kernel_6_12, a_second_bio_sees_what_the_fault_of_the_first_did)
{
	struct mapping_props m = special();
	struct call c;

	m.pfnmap_on_fault = true;
	c = call_of(&pinner_block, 0, &m, "GP");
	EXPECT_EQ(EFAULT, contract_verdict(&c).why.err);
	EXPECT_EQ(EEXIST, verdict_of(&pinner_block, &m, "P").err);
}

TEST(a_defect_is_looked_for_where_it_may_show)
{
	struct verdict want = { .err = EFAULT };
	struct mapping_props m = pfnmap();
	struct call c = call_of(&pinner_direct, 0, &m, "PG,sub");
	char text[256] = "";
	FILE *mem = fmemopen(text, sizeof(text), "w"), *screen = stdout;

	ASSERT_TRUE(kernel_pretend("6.12"));
	stdout = mem;
	defect_look_for_all(&c, want);
	fflush(mem);
	EXPECT_NE(NULL, strstr(text, "looks for known defect IOMAP_TAIL_ZEROED: fs/iomap"));
	rewind(mem);
	memset(text, 0, sizeof(text));
	defect_look_for_all(&c, want);
	stdout = screen;
	fclose(mem);
	EXPECT_STREQ("", text);
}

TEST_F(kernel_6_12, a_defect_misplaces_only_what_is_behind_a_page_under_test)
{
	struct mapping_props m = pfnmap();
	struct call c = call_of(&pinner_proc_mem, 0, &m, "PG,sub");

	EXPECT_EQ(NULL, defect_find_bytes(&c, 1));
	m.has_access = true;
	EXPECT_NE(NULL, defect_find_bytes(&c, 1));
	EXPECT_EQ(NULL, defect_find_bytes(&c, 0));
	c = call_of(&pinner_proc_mem, 0, &m, "PG");
	EXPECT_EQ(NULL, defect_find_bytes(&c, 1));
}

TEST_F(kernel_6_12, a_defect_keeps_only_what_vfio_takes_of_zone_device)
{
	struct mapping_props m = memory();

	EXPECT_EQ(NULL, defect_find_leak(&pinner_type1, &m));
	m.zone_device = true;
	EXPECT_NE(NULL, defect_find_leak(&pinner_type1, &m));
	EXPECT_EQ(NULL, defect_find_leak(&pinner_direct, &m));
}

TEST_F(kernel_6_12, a_flaw_is_that_of_its_own_code)
{
	EXPECT_NE(NULL, defect_find_flaw(&pinner_xdp, OVERCHARGES));
	EXPECT_EQ(NULL, defect_find_flaw(&pinner_xdp, KEEPS_PAGES));
	EXPECT_EQ(NULL, defect_find_flaw(&pinner_register_buffers, OVERCHARGES));
}

/* Facts of a mapping, unusual and usual ones. */
TEST(a_recorded_mapping_is_read_as_it_was)
{
	struct mapping_props m = memory(), read;
	char line[1024] = "";
	size_t granule;
	FILE *mem = fmemopen(line, sizeof(line), "w"), *screen = stdout;

	m.special = m.reserved = m.dirty_tracked = true;
	m.normal_pages = 3;
	m.cpu_pages = 0;
	m.compound = 512;
	stdout = mem;
	record_mapping("name", 4, &m);
	stdout = screen;
	fclose(mem);
	ASSERT_EQ(0, strncmp(line, "# mapping name granule=4", 24));
	ASSERT_TRUE(record_read_mapping(strstr(line, " granule="), &granule, &read));
	EXPECT_EQ(4u, granule);
	EXPECT_EQ(0, memcmp(&m, &read, sizeof(m)));
	EXPECT_FALSE(record_read_mapping(" granule=1 colour=3", &granule, &read));
	EXPECT_FALSE(record_read_mapping(" colour=3", &granule, &read));
}

TEST(a_recorded_result_is_read_as_it_was)
{
	static const ssize_t results[] = {
		0, 1, 4096, 1 << 30, -EFAULT, -EEXIST, -EHWPOISON, -524
	};
	char text[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(results); i++)
		EXPECT_EQ(results[i],
			  record_read_result(record_result(results[i], text, sizeof(text))));
	EXPECT_STREQ("EEXIST", record_result(-EEXIST, text, sizeof(text)));
	EXPECT_STREQ("4096", record_result(4096, text, sizeof(text)));
}

static void explained(const struct call *c, struct verdict seen, char *text, size_t size)
{
	FILE *mem = fmemopen(text, size, "w"), *screen = stdout;

	stdout = mem;
	explain(c, contract_verdict(c), seen);
	stdout = screen;
	fclose(mem);
}

TEST_F(kernel_6_12, a_failure_names_the_page_the_reason_and_the_change_that_explains_it)
{
	struct mapping_props m = special();
	struct call c = call_of(&pinner_get, 0, &m, "P");
	char text[2048] = "";

	explained(&c, (struct verdict){ .err = EFAULT }, text, sizeof(text));
	EXPECT_NE(NULL, strstr(text, "page 0 is EEXIST: special PTE without a struct page"));
	EXPECT_NE(NULL, strstr(text, "follow_page_pte(), mm/gup.c, commit 7196040e19ad"));
	EXPECT_NE(NULL, strstr(text, pinner_get.caller));
	EXPECT_NE(NULL, strstr(text, "a kernel without PFN_PTE_EEXIST"));
	EXPECT_NE(NULL, strstr(text, "since 5.18, commit 65462462ffb2"));
	EXPECT_EQ(NULL, strstr(text, "KVM"));
}

TEST_F(kernel_6_12, the_bug_of_7196040e19ad_is_named)
{
	struct mapping_props m = special();
	struct call c = call_of(&pinner_register_buffers, 0, &m, "P");
	char text[2048] = "";

	explained(&c, (struct verdict){ .bytes = PAGE }, text, sizeof(text));
	EXPECT_NE(NULL, strstr(text, "a kernel with PFN_SLOT_UNWRITTEN"));
	EXPECT_NE(NULL, strstr(text, "since 5.6, commit eddb1c228f79"));
}

TEST(a_failure_names_the_defect_that_explains_it)
{
	struct mapping_props m = pfnmap();
	struct call c = call_of(&pinner_direct, 0, &m, "PG,sub");
	char text[2048] = "";

	ASSERT_TRUE(kernel_pretend("6.11"));
	explained(&c, (struct verdict){ .bytes = 2 }, text, sizeof(text));
	EXPECT_NE(NULL, strstr(text, "a kernel with IOMAP_TAIL_ZEROED"));
}

TEST_F(kernel_6_12, what_no_change_explains_is_not_explained)
{
	struct mapping_props m = special();
	struct call c = call_of(&pinner_register_buffers, 0, &m, "P");
	char text[2048] = "";

	explained(&c, (struct verdict){ .err = ENXIO }, text, sizeof(text));
	EXPECT_EQ(NULL, strstr(text, "explained by"));
}

TEST_HARNESS_MAIN
