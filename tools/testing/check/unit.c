// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of what the tests rely on and no kernel can answer for: pattern, layout and contract.
 * planted.list has errors that these must notice.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "../kselftest_harness.h"
#include "lib/compiler.h"
#include "contract/defect.h"

static char anchor[8] __aligned(8);

/* A plain pinner, and what a mapping is in the words of mapping_props. */
static const struct pinner_props slow = { .partial = ALL_OR_NOTHING };
static const struct mapping_props ordinary = {
	.readable = true, .writable = true, .fault_pages = SIZE_MAX, .write_faults = SIZE_MAX,
	.cpu_pages = SIZE_MAX, .counted_pages = SIZE_MAX, .compound = 1,
};

static bool at_least(unsigned int major, unsigned int minor)
{
	return contract_kernel_at_least((struct kernel_version){ major, minor });
}

static struct mapping_props refusing(void)
{
	struct mapping_props m = ordinary;

	m.vma_refuses = m.special = true;
	return m;
}

/* The verdict for a layout, of a mapping without granule and a pinner that takes any byte. */
static struct verdict verdict_of(const char *layout, const struct mapping_props *m,
				 const struct pinner_props *p)
{
	static struct buffer b;

	layout_fit(&b, layout_named(layout), anchor, 1, 1);
	return contract_verdict(m, p, &b);
}

TEST(pattern_differs_in_every_page_and_word)
{
	uint64_t a[PAGE / 8], b[PAGE / 8];
	size_t i, j;

	pattern_fill(a, PATTERN_ID(1, 1), 0, PAGE);
	pattern_fill(b, PATTERN_ID(1, 2), 0, PAGE);
	for (i = 0; i < PAGE / 8; i++)
		for (j = 0; j < PAGE / 8; j++)
			ASSERT_TRUE(a[i] != b[j] && (i == j || a[i] != a[j]));
}

TEST(pattern_notices_one_changed_byte_anywhere)
{
	char page[PAGE];
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
	char page[PAGE] = { 0 };

	pattern_fill(page, PATTERN_ID(3, 7), 13, 1001);
	EXPECT_TRUE(pattern_holds(page, PATTERN_ZERO, 0, 13));
	EXPECT_TRUE(pattern_holds(page, PATTERN_ID(3, 7), 13, 1001));
	EXPECT_TRUE(pattern_holds(page, PATTERN_ZERO, 1001, PAGE));
}

TEST(pattern_names_the_page_that_came_instead)
{
	char page[PAGE], what[128];

	pattern_fill(page, PATTERN_ID(3, 8), 0, PAGE);
	pattern_explain(page, PATTERN_ID(3, 7), 16, PAGE, what, sizeof(what));
	EXPECT_STREQ("word 2 is of page 8, salt 3, not of page 7, salt 3", what);
	memset(page, 0, sizeof(page));
	pattern_explain(page, PATTERN_ID(3, 7), 0, PAGE, what, sizeof(what));
	EXPECT_STREQ("word 0 is zero", what);
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

TEST(contract_pins_ordinary_pages_whole)
{
	struct verdict v = verdict_of("GPG", &ordinary, &slow);

	EXPECT_EQ(0, v.err);
	EXPECT_EQ(3 * PAGE, v.bytes);
}

TEST(contract_says_efault_when_the_vma_refuses_and_eexist_when_only_the_pte_does)
{
	struct mapping_props m = refusing();

	EXPECT_EQ(EFAULT, verdict_of("P", &m, &slow).err);
	m.vma_refuses = false;
	EXPECT_EQ(EEXIST, verdict_of("P", &m, &slow).err);
	EXPECT_EQ(EEXIST, verdict_of("GP", &m, &slow).err);
}

TEST(contract_lets_the_fast_walk_take_ordinary_pages_that_the_vma_refuses)
{
	struct pinner_props fast = { .fast = true };
	struct mapping_props m = refusing();

	m.special = false;
	EXPECT_EQ(0, verdict_of("P", &m, &fast).err);
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &slow).err);
	m.special = true;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &fast).err);
}

TEST(contract_calls_a_short_pin_what_the_pinner_calls_it)
{
	struct pinner_props p = { .short_errno = EFAULT };
	struct mapping_props m = refusing();

	m.vma_refuses = false;
	EXPECT_EQ(EEXIST, verdict_of("PG", &m, &p).err);
	EXPECT_EQ(EFAULT, verdict_of("GP", &m, &p).err);
	/* An iovec of its own is pinned on its own. */
	EXPECT_EQ(EEXIST, verdict_of("GPG,split", &m, &p).err);
}

TEST(contract_follows_what_becomes_of_a_partial_pin)
{
	struct mapping_props m = refusing();
	struct pinner_props p = slow;

	EXPECT_EQ(EFAULT, verdict_of("GPG", &m, &p).err);
	p.partial = SHORT_COUNT;
	EXPECT_EQ(PAGE, verdict_of("GPG", &m, &p).bytes);
	p.partial = REST_BY_CPU;
	EXPECT_EQ(3 * PAGE, verdict_of("GPG", &m, &p).bytes);
	EXPECT_EQ(EFAULT, verdict_of("PG", &m, &p).err);
	m.cpu_pages = 0;
	EXPECT_EQ(PAGE, verdict_of("GPG", &m, &p).bytes);
	p.partial = WHOLE_IOVECS;
	EXPECT_EQ(PAGE, verdict_of("GPG,split", &m, &p).bytes);
	EXPECT_EQ(EFAULT, verdict_of("GPG", &m, &p).err);
}

TEST(contract_fails_a_long_buffer_of_several_bios)
{
	struct pinner_props p = {
		.partial = SHORT_COUNT, .one_bio = 256, .many_bios_errno = EIO,
	};
	struct mapping_props m = refusing();

	EXPECT_EQ(EIO, verdict_of("G512P", &m, &p).err);
	EXPECT_EQ(512u, verdict_of("G512P", &m, &p).reach);
	EXPECT_EQ(EIO, verdict_of("PG512", &m, &p).err);
	EXPECT_EQ(PAGE, verdict_of("GP", &m, &p).bytes);
}

TEST(contract_ends_a_block_with_zeros_where_a_write_is_refused_inside)
{
	struct pinner_props p = {
		.partial = REST_BY_CPU, .spares_efault = true, .zeroed_block = 2 * PAGE,
	};
	struct mapping_props m = refusing();

	EXPECT_EQ(EFAULT, verdict_of("GPGG", &m, &p).err);
	EXPECT_EQ(1u, verdict_of("GPGG", &m, &p).reach);
	EXPECT_EQ(2u, verdict_of("GPGG", &m, &p).zeroed);
	EXPECT_EQ(513 * PAGE, verdict_of("G512P", &m, &p).bytes);
	p.writes = true;
	EXPECT_EQ(4 * PAGE, verdict_of("GPGG", &m, &p).bytes);
	m.vma_refuses = false;
	EXPECT_EQ(EEXIST, verdict_of("GPGG", &m, &p).err);
}

TEST(contract_refuses_secrets_holes_and_what_protection_forbids)
{
	struct mapping_props secret = ordinary, hole = ordinary, readonly = ordinary;
	struct pinner_props p = { .fast = true, .writes = true };

	secret.secret = true;
	hole.absent = true;
	readonly.writable = false;
	EXPECT_EQ(EFAULT, verdict_of("P", &secret, &p).err);
	EXPECT_EQ(EFAULT, verdict_of("P", &hole, &p).err);
	EXPECT_EQ(EFAULT, verdict_of("P", &readonly, &p).err);
	EXPECT_EQ(EFAULT, verdict_of("GPH", &ordinary, &p).err);
	p.writes = false;
	EXPECT_EQ(0, verdict_of("P", &readonly, &p).err);
}

TEST(contract_hears_a_late_vma_only_from_its_first_touch_on)
{
	struct pinner_props again = { .asks_again = true };
	struct mapping_props m = ordinary;

	m.late = m.special = true;
	EXPECT_EQ(EEXIST, verdict_of("P", &m, &slow).err);
	EXPECT_EQ(EFAULT, verdict_of("P,touched", &m, &slow).err);
	EXPECT_EQ(EEXIST, verdict_of("GP", &m, &slow).err);
	EXPECT_EQ(EEXIST, verdict_of("PG", &m, &again).err);
	EXPECT_EQ(EFAULT, verdict_of("GP", &m, &again).err);
}

TEST(contract_stops_where_the_pages_of_a_vma_stop_or_cannot_be_had)
{
	struct pinner_props p = { .partial = SHORT_COUNT };
	struct mapping_props m = ordinary;

	m.special = true;
	m.normal_pages = 1;
	EXPECT_EQ(PAGE, verdict_of("PP", &m, &p).bytes);
	EXPECT_EQ(EEXIST, verdict_of("PP", &m, &slow).err);
	m = ordinary;
	m.fault_pages = 1;
	EXPECT_EQ(PAGE, verdict_of("PP", &m, &p).bytes);
	EXPECT_EQ(EFAULT, verdict_of("PP", &m, &slow).err);
}

TEST(contract_lets_a_walk_without_pages_go_on_over_special_ptes)
{
	static const int errnos[NR_REFUSALS] = {
		[BY_HOLE] = ENOMEM, [BY_VMA] = EINVAL, [BY_PTE] = EIO,
	};
	struct pinner_props walk = { .no_pages = true, .errnos = errnos };
	struct mapping_props m = refusing();

	EXPECT_EQ(EINVAL, verdict_of("P", &m, &walk).err);
	EXPECT_EQ(ENOMEM, verdict_of("GPH", &ordinary, &walk).err);
	EXPECT_FALSE(contract_shows_present(&m, &(struct buffer){ .layout = layout_named("P"),
								  .pages = 1 }, 0));
	m.vma_refuses = false;
	EXPECT_EQ(2 * PAGE, verdict_of("GP", &m, &walk).bytes);
	EXPECT_TRUE(contract_shows_present(&m, &(struct buffer){ .layout = layout_named("P"),
								 .pages = 1 }, 0));
	m.vma_refuses = walk.passes_refusing = true;
	EXPECT_EQ(2 * PAGE, verdict_of("GP", &m, &walk).bytes);
}

TEST(contract_comes_to_holes_last_before_6_9)
{
	static const int errnos[NR_REFUSALS] = { [BY_HOLE] = ENOMEM, [BY_VMA] = EINVAL };
	struct pinner_props walk = { .no_pages = true, .holes_last = true, .errnos = errnos };
	struct mapping_props m = refusing();

	EXPECT_EQ(contract_changed(HOLES_COME_IN_ORDER) ? ENOMEM : EINVAL,
		  verdict_of("HP", &m, &walk).err);
	EXPECT_EQ(EINVAL, verdict_of("PH", &m, &walk).err);
	EXPECT_EQ(ENOMEM, verdict_of("PH", &ordinary, &walk).err);
}

TEST(contract_lets_force_override_what_the_owner_could)
{
	struct pinner_props read = { .force = true }, write = { .force = true, .writes = true };
	struct mapping_props m = ordinary;

	m.readable = m.writable = false;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &read).err);
	m.force_reads = true;
	EXPECT_EQ(0, verdict_of("P", &m, &read).err);
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &slow).err);
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &write).err);
	m.cow = true;
	EXPECT_EQ(0, verdict_of("P", &m, &write).err);
}

TEST(a_core_has_what_was_written_and_is_not_marked)
{
	const struct pinner_props dump = { .dumps = true };
	struct mapping_props marked = ordinary, zero = ordinary, fresh = ordinary;

	EXPECT_EQ(PAGE, verdict_of("P", &ordinary, &dump).bytes);
	marked.not_dumped = zero.zero_page = fresh.fresh = true;
	EXPECT_EQ(EFAULT, verdict_of("P", &marked, &dump).err);
	EXPECT_EQ(EFAULT, verdict_of("P,touched", &zero, &dump).err);
	EXPECT_EQ(EFAULT, verdict_of("P", &fresh, &dump).err);
	EXPECT_EQ(PAGE, verdict_of("P,touched", &fresh, &dump).bytes);
	EXPECT_EQ(PAGE, verdict_of("P", &fresh, &slow).bytes);
}

TEST(what_a_child_writes_into_private_memory_is_its_own)
{
	struct pinner_props p = { .writes = true };
	struct mapping_props m = ordinary;
	struct buffer b;

	layout_fit(&b, layout_named("GP"), anchor, 1, 1);
	m.cow = true;
	EXPECT_TRUE(contract_shows_writes(&m, &p, &b, 1));
	p.in_child = true;
	EXPECT_TRUE(contract_shows_writes(&m, &p, &b, 0));
	EXPECT_FALSE(contract_shows_writes(&m, &p, &b, 1));
	m.cow = false;
	EXPECT_TRUE(contract_shows_writes(&m, &p, &b, 1));
}

TEST(contract_holds_no_memory_of_a_filesystem_for_long)
{
	struct pinner_props p = { .fast = true };
	struct mapping_props m = ordinary;

	m.fsdax = true;
	EXPECT_EQ(0, verdict_of("P", &m, &p).err);
	p.longterm = true;
	EXPECT_EQ(EOPNOTSUPP, verdict_of("P", &m, &p).err);
}

TEST(contract_sends_pages_without_a_file_to_the_slow_walk_for_lasting_writes)
{
	struct pinner_props p = { .fast = true, .writes = true, .longterm = true };
	struct mapping_props m = ordinary;

	m.vma_refuses = m.no_mapping = true;
	EXPECT_EQ(contract_changed(LASTING_WRITES_SPARE_FILES) ? EFAULT : 0, verdict_of("P", &m, &p).err);
	m.no_mapping = false;
	EXPECT_EQ(0, verdict_of("P", &m, &p).err);
}

TEST(contract_lets_the_cpu_copy_what_cannot_be_pinned)
{
	struct pinner_props copy = { .copies = true, .partial = SHORT_COUNT };
	struct pinner_props whole = { .copies = true, .partial = ALL_OR_NOTHING };
	struct mapping_props m = refusing();

	EXPECT_EQ(2 * PAGE, verdict_of("GP", &m, &copy).bytes);
	EXPECT_EQ(2 * PAGE, verdict_of("GP", &m, &whole).bytes);
	m.cpu_pages = 0;
	EXPECT_EQ(PAGE, verdict_of("GP", &m, &copy).bytes);
	EXPECT_EQ(EFAULT, verdict_of("GP", &m, &whole).err);
	EXPECT_EQ(0u, verdict_of("GP", &m, &whole).reach);
	EXPECT_EQ(EFAULT, verdict_of("PG", &m, &copy).err);
	m = refusing();
	m.writable = false;
	copy.writes = whole.writes = true;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &copy).err);
	EXPECT_EQ(1u, verdict_of("GP", &m, &whole).reach);
}

TEST(who_has_a_call_for_each_iovec_asks_again_only_within_one)
{
	const struct pinner_props once = { .asks_again = true, .each_iovec = true };
	const struct pinner_props all = { .asks_again = true };
	struct mapping_props m = ordinary;

	m.special = m.late = true;
	EXPECT_EQ(EEXIST, verdict_of("GPG,split", &m, &once).err);
	EXPECT_EQ(EFAULT, verdict_of("GPG", &m, &once).err);
	EXPECT_EQ(EFAULT, verdict_of("GPG,split", &m, &all).err);
}

TEST(a_property_may_come_and_go_with_a_version)
{
	const struct pinner_props since = { .fast_since = SIW_USES_UMEM }, never = {};
	const struct pinner_props before = { .breaks_cow_before = UMEM_SPARES_COW };
	const struct pinner_props forced = { .writes = true, .forces_before = FRAMES_ARE_NOT_FORCED };
	const struct pinner_props copied = { .copies_before = METADATA_IS_MAPPED };
	const struct pinner_props shorter = { .partial = SHORT_COUNT, .whole_since = HASHES_ARE_WHOLE };
	const struct pinner_props always = { .partial = SHORT_COUNT };
	bool fast = contract_changed(SIW_USES_UMEM), spares = contract_changed(UMEM_SPARES_COW);
	bool whole = contract_changed(HASHES_ARE_WHOLE);
	struct mapping_props io = ordinary, shut = ordinary, no = refusing();

	EXPECT_EQ(contract_changed(METADATA_IS_MAPPED) ? EFAULT : 0, verdict_of("P", &no, &copied).err);
	io.vma_refuses = true;
	EXPECT_EQ(fast ? 0 : EFAULT, verdict_of("P", &io, &since).err);
	EXPECT_EQ(EFAULT, verdict_of("P", &io, &never).err);
	EXPECT_EQ(whole ? 0 : PAGE, verdict_of("GP", &io, &shorter).bytes);
	EXPECT_EQ(PAGE, verdict_of("GP", &io, &always).bytes);
	shut.readable = shut.writable = false;
	shut.cow = shut.force_reads = true;
	EXPECT_EQ(spares ? EFAULT : 0, verdict_of("P", &shut, &before).err);
	EXPECT_EQ(contract_changed(FRAMES_ARE_NOT_FORCED) ? EFAULT : 0,
		  verdict_of("P", &shut, &forced).err);
	EXPECT_EQ(EFAULT, verdict_of("P", &shut, &never).err);
	shut.cow = false;
	shut.readable = true;
	EXPECT_EQ(spares ? 0 : EFAULT, verdict_of("P", &shut, &before).err);
	EXPECT_FALSE(contract_changed(NO_CHANGE));
}

/* move_pages() says of each page what is there. */
TEST(who_faults_nothing_in_finds_what_is_there)
{
	const struct pinner_props any = { .finds = FINDS_ANY, .partial = SHORT_COUNT };
	const struct pinner_props migratable = { .finds = FINDS_MIGRATABLE };
	bool walks = contract_changed(PAGES_ARE_WALKED);
	struct mapping_props m = ordinary;

	EXPECT_EQ(0, verdict_of("P", &m, &any).err);
	m.vma_refuses = true;
	EXPECT_EQ(0, verdict_of("P", &m, &any).err);
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &migratable).err);
	m.special = true;
	EXPECT_EQ(walks ? ENOENT : EFAULT, verdict_of("P", &m, &any).err);
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &migratable).err);
	m = ordinary;
	m.zone_device = true;
	EXPECT_EQ(ENOENT, verdict_of("P", &m, &any).err);
	m = ordinary;
	m.cpu_pages = 1;
	EXPECT_EQ(PAGE, verdict_of("PP", &m, &any).bytes);
	m.readable = false;
	EXPECT_EQ(ENOENT, verdict_of("P", &m, &any).err);
	m = ordinary;
	m.absent = true;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &any).err);
}

/* The one that has no other. */
TEST(the_fast_walk_finds_what_ptes_show)
{
	const struct pinner_props fast = { .fast = true, .finds = FINDS_BY_FAST_WALK };
	struct mapping_props m = ordinary;

	m.vma_refuses = true;
	EXPECT_EQ(0, verdict_of("P", &m, &fast).err);
	m.special = true;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &fast).err);
	m = ordinary;
	m.zero_page = true;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &fast).err);
	m = ordinary;
	m.cpu_pages = 0;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &fast).err);
}

TEST(contract_charges_a_huge_page_whole_and_once)
{
	const struct pinner_props by_folio = {}, by_page = { .by_page = true };
	struct mapping_props huge = ordinary;
	static struct buffer b;

	huge.compound = 512;
	layout_fit(&b, layout_named("GP"), anchor, 512, 1);
	EXPECT_EQ(513u, contract_charge(&huge, &by_folio, &b, 2));
	EXPECT_EQ(1u, contract_charge(&huge, &by_folio, &b, 1));
	layout_fit(&b, layout_named("PP"), anchor, 512, 1);
	EXPECT_EQ(512u, contract_charge(&huge, &by_folio, &b, 2));
	EXPECT_EQ(2u, contract_charge(&huge, &by_page, &b, 2));
	EXPECT_EQ(2u, contract_charge(&ordinary, &by_folio, &b, 2));
}

TEST(only_some_code_charges_or_keeps_too_much_or_loses_bytes)
{
	const struct pinner_props siw = { .code = CODE_SIW }, hash = { .code = CODE_HASH };
	const struct pinner_props umem = { .code = CODE_UMEM }, other = { .charged = true };

	EXPECT_NE(NULL, defect_find_flaw(&umem, OVERCHARGES));
	EXPECT_EQ(NULL, defect_find_flaw(&other, OVERCHARGES));
	EXPECT_EQ(NULL, defect_find_flaw(&siw, OVERCHARGES));
	EXPECT_NE(NULL, defect_find_flaw(&siw, KEEPS_PAGES));
	EXPECT_EQ(NULL, defect_find_flaw(&umem, KEEPS_PAGES));
	EXPECT_EQ(NULL, defect_find_flaw(&other, KEEPS_PAGES));
	EXPECT_NE(NULL, defect_find_flaw(&hash, LOSES_BYTES));
	EXPECT_EQ(NULL, defect_find_flaw(&hash, KEEPS_PAGES));
}

TEST(a_defect_explains_one_verdict_and_no_other)
{
	struct pinner_props p = { .code = CODE_IOMAP, .fast = true };
	struct verdict want = { .err = EFAULT }, seen = { .bytes = 2 };
	struct mapping_props m = refusing();
	static struct buffer b;

	layout_fit(&b, layout_named("PG,sub"), anchor, 1, 1);
	EXPECT_EQ(at_least(6, 12), !!defect_find(&m, &p, &b, want, seen));
	seen.bytes = 1;
	EXPECT_EQ(NULL, defect_find(&m, &p, &b, want, seen));
	seen = (struct verdict){ .err = EIO };
	EXPECT_EQ(NULL, defect_find(&m, &p, &b, want, seen));
	seen = (struct verdict){ .bytes = 2 };
	p.code = CODE_ANY;
	EXPECT_EQ(NULL, defect_find(&m, &p, &b, want, seen));
}

TEST(contract_lets_access_serve_what_has_no_page)
{
	struct pinner_props p = { .asks_access = true };
	struct mapping_props m = refusing();

	EXPECT_EQ(EFAULT, verdict_of("P", &m, &p).err);
	m.access = true;
	EXPECT_EQ(0, verdict_of("P", &m, &p).err);
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &slow).err);
	m.writable = false;
	EXPECT_EQ(0, verdict_of("P", &m, &p).err);
	p.writes = true;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &p).err);
}

TEST(contract_falls_back_on_frames_that_nobody_can_free)
{
	struct pinner_props p = { .pfn_fallback = true, .writes = true };
	struct mapping_props m = refusing();
	static struct buffer b;

	m.pfnmap = true;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &p).err);
	m.pfnmap = false;
	m.unfreeable = true;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &p).err);
	m.pfnmap = true;
	EXPECT_EQ(2 * PAGE, verdict_of("GP", &m, &p).bytes);
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &slow).err);
	layout_fit(&b, layout_named("GP"), anchor, 1, 1);
	EXPECT_EQ(1u, contract_locked(&m, &p, &b, 2));
	EXPECT_EQ(2u, contract_locked(&ordinary, &p, &b, 2));
	m.writable = false;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &p).err);
	/* Only the PTE says so: there is no VM_PFNMAP to fall back on. */
	m = ordinary;
	m.special = m.unfreeable = true;
	EXPECT_EQ(EEXIST, verdict_of("P", &m, &p).err);
}

TEST(contract_gives_a_virtual_cpu_any_frame_that_has_a_count)
{
	struct pinner_props p = { .pfn_fallback = true, .any_pfn = true };
	const struct pinner_props vfio = { .pfn_fallback = true };
	bool counts = !contract_changed(KVM_COUNTS_NO_FRAMES);
	struct mapping_props m = refusing();

	m.pfnmap = false;
	EXPECT_EQ(2 * PAGE, verdict_of("GP", &m, &p).bytes);
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &vfio).err);
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &slow).err);
	m.counted_pages = 0;
	EXPECT_EQ(counts ? EFAULT : 0, verdict_of("P", &m, &p).err);
	m.counted_pages = 1;
	EXPECT_EQ(0, verdict_of("P", &m, &p).err);
	p.writes = true;
	m.write_faults = 0;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &p).err);
	/* Neither VM_IO nor VM_PFNMAP. */
	m = ordinary;
	m.special = true;
	EXPECT_EQ(EEXIST, verdict_of("P", &m, &p).err);
}

TEST(a_defect_shows_only_a_virtual_cpu_what_is_secret)
{
	const struct pinner_props kvm = { .any_pfn = true };
	struct verdict want = { .err = EFAULT }, seen = { .bytes = PAGE };
	struct mapping_props m = ordinary;
	static struct buffer b;

	layout_fit(&b, layout_named("P"), anchor, 1, PAGE);
	EXPECT_EQ(NULL, defect_find(&m, &kvm, &b, want, seen));
	m.secret = true;
	EXPECT_EQ(at_least(6, 13), !!defect_find(&m, &kvm, &b, want, seen));
	EXPECT_EQ(NULL, defect_find(&m, &slow, &b, want, seen));
	seen.bytes = 1;
	EXPECT_EQ(NULL, defect_find(&m, &kvm, &b, want, seen));
}

TEST(contract_asks_to_read_where_it_was_efault_to_write)
{
	struct pinner_props p = { .writes = true, .tries_read = true };
	struct mapping_props m = ordinary;

	m.writable = false;
	EXPECT_EQ(0, verdict_of("P", &m, &p).err);
	m.special = true;
	EXPECT_EQ(EEXIST, verdict_of("P", &m, &p).err);
	p.tries_read = false;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &p).err);
}

TEST(contract_finds_nothing_in_a_child_where_the_vma_is_not_copied)
{
	struct pinner_props p = { .in_child = true };
	struct mapping_props m = ordinary;

	EXPECT_EQ(0, verdict_of("P", &m, &p).err);
	m.not_copied = true;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &p).err);
	EXPECT_EQ(0, verdict_of("P", &m, &slow).err);
}

TEST(contract_has_no_use_for_a_page_without_a_file_where_the_file_is_wanted)
{
	struct pinner_props p = { .wants_mapping = true };
	struct mapping_props m = ordinary;

	EXPECT_EQ(0, verdict_of("P", &m, &p).err);
	m.no_mapping = true;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &p).err);
	EXPECT_EQ(0, verdict_of("P", &m, &slow).err);
	m.no_mapping = false;
	m.zero_page = true;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &p).err);
	m.zero_page = false;
	m.anonymous = true;
	EXPECT_EQ(EFAULT, verdict_of("P", &m, &p).err);
	p.writes = true;
	EXPECT_EQ(0, verdict_of("P", &m, &p).err);
}

TEST(a_defect_keeps_only_what_vfio_takes_of_zone_device)
{
	const struct pinner_props kvm = { .pfn_fallback = true, .any_pfn = true };
	struct pinner_props p = { .pfn_fallback = true };
	struct mapping_props m = ordinary;

	EXPECT_FALSE(!!defect_find_leak(&m, &p));
	m.zone_device = true;
	EXPECT_TRUE(!!defect_find_leak(&m, &p));
	EXPECT_FALSE(!!defect_find_leak(&m, &kvm));
	EXPECT_FALSE(!!defect_find_leak(&m, &slow));
}

TEST(a_defect_misplaces_only_what_runs_on_behind_a_page)
{
	struct pinner_props p = { .asks_access = true };
	struct mapping_props m = refusing();
	static struct buffer b;

	m.access = true;
	layout_fit(&b, layout_named("PG,sub"), anchor, 1, 1);
	EXPECT_TRUE(!!defect_find_bytes(&m, &p, &b, 1));
	EXPECT_FALSE(!!defect_find_bytes(&m, &p, &b, 0));
	m.access = false;
	EXPECT_FALSE(!!defect_find_bytes(&m, &p, &b, 1));
	m.access = true;
	layout_fit(&b, layout_named("PG"), anchor, 1, 1);
	EXPECT_FALSE(!!defect_find_bytes(&m, &p, &b, 1));
}

TEST(a_kernel_version_is_compared_by_number)
{
	unsigned int major, minor;
	struct utsname name;
	int fields;

	ASSERT_EQ(0, uname(&name));
	fields = sscanf(name.release, "%u.%u", &major, &minor);
	ASSERT_EQ(2, fields);
	EXPECT_TRUE(at_least(major, minor));
	EXPECT_TRUE(at_least(major - 1, minor + 1));
	EXPECT_FALSE(at_least(major, minor + 1));
	EXPECT_FALSE(at_least(major + 1, 0));
}

TEST_HARNESS_MAIN
