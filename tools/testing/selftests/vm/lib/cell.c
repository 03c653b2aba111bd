// SPDX-License-Identifier: GPL-2.0
/* One cell of the matrix; see cell.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "compiler.h"
#include "cell.h"
#include "cell_data.h"
#include "../contract/defect.h"
#include "../contract/explain.h"
#include "../contract/record.h"
#include "libc.h"
#include "patience.h"
#include "vcpu.h"

#define MATRIX_LAYOUT "PP"
#define ODD_BYTES 777	/* where a registered buffer is moved in two pieces */

enum {
#define MAPPING(name) INDEX_OF_MAPPING_##name,
	MAPPINGS(MAPPING)
#undef MAPPING
	NR_MAPPINGS
};

enum {
#define PINNER(name) INDEX_OF_PINNER_##name,
	PINNERS(PINNER)
#undef PINNER
	NR_PINNERS
};

/* What the forked tests of a program share. */
static struct shared {
	struct cell_tally tallies[NR_MAPPINGS];
	bool recorded;		/* the line of the kernel was printed */
	/* the pinner takes this layout of ordinary pages; all arenas have the same addresses */
	bool proven[2][NR_PINNERS][LAYOUT_MAX];	/* by page, and by huge page */
} *shared;

static const struct pinner_ops *const *all_pinners;

int cell_prepare(const struct pinner_ops *const *pinners)
{
	int err = patience_prepare();

	if (err)
		return err;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED)
		return -errno;
	for (all_pinners = pinners; *pinners; pinners++)
		scratch_get((*pinners)->scratch);
	return arena_prepare();
}

const struct cell_tally *cell_tally(size_t index)
{
	return &shared->tallies[index];
}

/*
 * The flag that @layout is proven for the pinner, of all mappings of this granule, whose buffers
 * lie alike: a page or a huge page. NULL for other granules.
 */
static bool *proof(const struct cell *c, const struct layout *layout)
{
	size_t i = 0, granule = c->stage.mapping.granule;

	if (granule != 1 && granule != LAYOUT_RUN)
		return NULL;
	while (all_pinners[i] != c->pinner.ops)
		i++;
	return &shared->proven[granule > 1][i][layout - layouts];
}

static const char *direction_name(enum direction dir)
{
	return dir == TO_FILE ? "write" : "read";
}

/* Prints the line that names the cell; @known is the defect that it met, or NULL. */
static void report(struct cell *c, const struct defect *known, const char *fmt, va_list args)
{
	const struct layout *layout = c->stage.buffer.layout;

	printf("# %s mapping %s, pinner %s", known ? "known defect:" : "FAILED",
	       c->stage.mapping.ops->name, c->pinner.ops->name);
	if (layout)
		printf(", layout %s%s", layout->name, c->proving ? " of ordinary pages only" : "");
	printf(": ");
	vprintf(fmt, args);
	printf("\n");
	if (known)
		c->defect = known;
	else
		c->failed = true;
}

void cell_fail(struct cell *c, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report(c, NULL, fmt, args);
	va_end(args);
}

void cell_fail_unless(struct cell *c, const struct defect *known, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report(c, known, fmt, args);
	va_end(args);
}

/* Pages were kept, or not charged. True when that is a known defect; one line is enough for it. */
static bool say_kept(struct cell *c, const char *what)
{
	const struct defect *known = NULL;

	if (!c->proving)
		known = defect_find_leak(c->pinner.ops, &c->stage.mapping.props);
	if (known && known->leaks_long && c->stage.buffer.layout &&
	    !cell_is_long(&c->stage.buffer))
		known = NULL;
	if (!known || known != c->defect)
		cell_fail_unless(c, known, "%s", what);
	return known;
}

static const char *verdict_name(struct verdict v, char *text, size_t size)
{
	if (!v.err)
		snprintf(text, size, "%zu bytes", v.bytes);
	else if (strerrorname_np(v.err))
		snprintf(text, size, "%s", strerrorname_np(v.err));
	else
		snprintf(text, size, "errno %d", v.err);
	return text;
}

/*
 * The results of a direction or a mode, "write: ", made when there are none yet. Spaces become "_".
 */
static struct results *results_of(struct cell *c, const char *how)
{
	char word[sizeof(c->results[0].how)] = "-", *space;
	size_t i;

	if (how[0])
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(how, ":"), how);
	while ((space = strchr(word, ' ')))
		*space = '_';
	for (i = 0; i < ARRAY_SIZE(c->results) - 1 && c->results[i].how[0]; i++)
		if (!strcmp(c->results[i].how, word))
			return &c->results[i];
	memcpy(c->results[i].how, word, sizeof(word));
	return &c->results[i];
}

/* Notes a result for the cell's lines; see record.h. */
static void note_result(struct cell *c, const char *how, ssize_t got)
{
	struct results *r = results_of(c, how);
	size_t len = strlen(r->text);
	char text[32];

	snprintf(r->text + len, sizeof(r->text) - len, " %s=%s", c->stage.buffer.layout->name,
		 record_result(got, text, sizeof(text)));
}

static void record_cell(const struct cell *c)
{
	const struct mapping *m = &c->stage.mapping;
	size_t i;

	if (!shared->recorded)
		record_kernel();
	shared->recorded = true;
	if (!c->tally->recorded)
		record_mapping(m->ops->name, m->granule, &m->props);
	c->tally->recorded = true;
	for (i = 0; i < ARRAY_SIZE(c->results) && c->results[i].how[0]; i++)
		printf("# result %s %s %s%s\n", m->ops->name, c->pinner.ops->name,
		       c->results[i].how, c->results[i].text);
}

static struct verdict check_verdict(struct cell *c, const struct call *call, const char *how,
				    struct verdict want, ssize_t got)
{
	const struct defect *known = NULL;
	char expected[32], observed[32];
	struct verdict seen = verdict_seen(got);

	seen.reach = want.reach;
	seen.zeroed = want.zeroed;
	if (c->stage.tested) {
		note_result(c, how, got);
		defect_look_for_all(call, want);
	}
	if (seen.err == want.err && seen.bytes == want.bytes)
		return seen;
	verdict_name(want, expected, sizeof(expected));
	verdict_name(seen, observed, sizeof(observed));
	if (c->stage.tested)
		known = defect_find(call, want, seen);
	cell_fail_unless(c, known, "%sexpected %s, observed %s", how, expected, observed);
	if (c->stage.tested && !known)
		explain(call, want, seen);
	return seen;
}

static bool is_whole(const struct cell *c, struct verdict v)
{
	return !v.err && v.bytes == c->stage.buffer.len;
}

static void tally(struct cell *c, struct verdict want, struct verdict seen)
{
	const struct layout *l = c->stage.buffer.layout;

	if (!c->stage.tested || l->hole_before || l->hole_after)
		return;
	/* A known defect that did the opposite counts as well. */
	if (is_whole(c, want)) {
		c->tally->taken += is_whole(c, seen) || c->defect;
	} else {
		c->tally->owed++;
		c->tally->refused += !is_whole(c, seen) || c->defect;
	}
}

/* The line that run_tests.sh draws the matrix from: an errno, or the number of pages taken. */
static void say_cell(const struct cell *c, struct verdict v, const char *how)
{
	char text[32];

	if (!c->stage.tested || strcmp(c->stage.buffer.layout->name, MATRIX_LAYOUT))
		return;
	if (v.err)
		verdict_name(v, text, sizeof(text));
	else
		snprintf(text, sizeof(text), "n=%zu", v.bytes / PAGE);
	printf("# cell %s %s%s %s\n", c->stage.mapping.ops->name, c->pinner.ops->name, how, text);
}

/* The contract's verdict for the buffer as it is laid out. */
static struct verdict owed(const struct cell *c, const struct call *call)
{
	if (!c->stage.tested)
		return (struct verdict){ .bytes = c->stage.buffer.len };
	return contract_verdict(call);
}

/* The call that is tried next, in the pinner's mode or in direction @dir. */
static struct call call_of(const struct cell *c, enum direction dir)
{
	static const struct mapping_props ordinary = { .compound = 1 };
	const struct mapping_props *m = c->stage.tested ? &c->stage.mapping.props : &ordinary;

	return pinner_contract(&c->pinner, dir, m, &c->stage.buffer);
}

/* Makes the memory what the layout says, after any earlier trial. */
static void renew(struct cell *c)
{
	int err = stage_renew(&c->stage);

	if (err)
		cell_fail(c, "the pages cannot be laid out again: %s", strerror(-err));
}

/*
 * A refused registration changes no byte, and what only reads the memory changes none either: of
 * ordinary pages or of pages under test.
 */
static void check_unchanged(struct cell *c)
{
	const struct verdict nothing = {};
	struct group groups[MAX_GROUPS];
	int i, n = cell_groups_of(&c->stage.buffer, groups);

	for (i = 0; i < n; i++)
		cell_check_memory(c, groups[i], nothing, 0);
}

static void try_io(struct cell *c, enum direction dir)
{
	const struct call call = call_of(c, dir);
	const struct buffer *b = &c->stage.buffer;
	off_t slot = dir == TO_FILE ? cell_out_slot(c) : cell_in_slot(c);
	struct group groups[MAX_GROUPS];
	struct verdict want, seen;
	int i, n = cell_groups_of(b, groups);

	renew(c);
	want = owed(c, &call);
	errno = 0;
	seen = check_verdict(c, &call, dir == TO_FILE ? "write: " : "read: ", want,
			     c->pinner.ops->io(&c->pinner, dir, b->iov, b->niov, slot + b->head));
	tally(c, want, seen);
	say_cell(c, seen, dir == TO_FILE ? "_write" : "_read");
	for (i = 0; i < n; i++) {
		if (dir == TO_FILE)
			cell_check_file(c, groups[i], seen, slot);
		else
			cell_check_memory(c, groups[i], seen, slot);
	}
	if (dir == TO_FILE)
		check_unchanged(c);
}

/* Moves [@skip, @skip + @len) of held iovec @i, which is at @at of the scratch file. */
static void move_piece(struct cell *c, enum direction dir, int i, size_t skip, size_t len, off_t at)
{
	char *base = c->stage.buffer.iov[i].iov_base;
	ssize_t got;

	if (!len)
		return;
	got = c->pinner.ops->move(&c->pinner, dir, base + skip, len, i, at);
	if (got != (ssize_t)len)
		cell_fail(c, "%s of registered iovec %d gave %zd, not %zu bytes",
			  direction_name(dir), i, got, len);
}

/*
 * Moves data through what is held, iovec by iovec, in two pieces each: the second one begins in the
 * middle of a page. For a long buffer only the last pages are moved, so that the kernel has to find
 * its way to them.
 */
static void move_held(struct cell *c, enum direction dir, struct verdict v)
{
	const struct buffer *b = &c->stage.buffer;
	off_t slot = dir == TO_FILE ? cell_out_slot(c) : cell_in_slot(c);
	struct group groups[MAX_GROUPS];
	int i = 0, last = cell_groups_of(b, groups) - 1;
	size_t skip = layout_bytes_before(b, groups[last].first);
	size_t align = pinner_align(c->pinner.ops);
	size_t odd = ODD_BYTES / align * align;
	size_t done, len, piece;

	for (done = skip; done < v.bytes; done += len) {
		len = b->iov[i].iov_len - skip;
		if (len > v.bytes - done)
			len = v.bytes - done;
		piece = len > odd ? odd : len;
		move_piece(c, dir, i, skip, piece, slot + b->head + done);
		move_piece(c, dir, i, skip + piece, len - piece, slot + b->head + done + piece);
		skip = 0;
		i++;
	}
	if (dir == FROM_FILE) {
		cell_check_memory(c, groups[last], v, slot);
		return;
	}
	cell_check_file(c, groups[last], v, slot);
	check_unchanged(c);
}

static void check_charge(struct cell *c, const struct call *call, struct verdict v)
{
	unsigned int pages = layout_pages_with(&c->stage.buffer, v.bytes);
	const struct pinner_ops *ops = c->pinner.ops;
	long pin = ops->vm_pin ? ops->vm_pin(call, pages) : 0;
	long lck = ops->vm_lck ? ops->vm_lck(call, pages) : 0;
	struct charges now;
	char what[64];

	oracle_charges(&now);
	if (ops->vm_pin && now.vm_pin - c->charged.vm_pin != pin)
		cell_fail(c, "VmPin grew by %ld pages, not by %ld",
			  now.vm_pin - c->charged.vm_pin, pin);
	if (ops->vm_lck && now.vm_lck - c->charged.vm_lck != lck) {
		snprintf(what, sizeof(what), "VmLck grew by %ld pages, not by %ld",
			 now.vm_lck - c->charged.vm_lck, lck);
		say_kept(c, what);
	}
}

/*
 * Restores the pages of this layout that are looked at; in another layout these may be other pages.
 */
static void refill(struct cell *c)
{
	struct group groups[MAX_GROUPS];
	int i, n = cell_groups_of(&c->stage.buffer, groups);

	for (i = 0; i < n; i++)
		stage_refill(&c->stage, groups[i].first, groups[i].count);
}

/* The pinner uses the memory for its purpose; then the memory is restored. */
static void use_memory(struct cell *c)
{
	int err = c->pinner.ops->use(&c->pinner, c->stage.buffer.iov);

	if (err)
		cell_fail(c, "the kernel does not use the memory it holds: %s", strerror(-err));
	refill(c);
}

static void use_held(struct cell *c, const struct call *call, struct verdict v)
{
	const struct pinner_ops *ops = c->pinner.ops;

	if (ops->vm_pin || ops->vm_lck)
		check_charge(c, call, v);
	if (ops->move)
		move_held(c, TO_FILE, v);
	/*
	 * FOLL_FORCE can write to memory that this process may not write, and so could not restore.
	 */
	if (ops->move && call->flags & FOLL_WRITE && !ops->one_way &&
	    (!c->stage.tested || c->stage.mapping.access & MAPPING_WRITE))
		move_held(c, FROM_FILE, v);
	if (ops->use)
		use_memory(c);
}

/* The pages that a walk reports must be present. */
static void check_present(struct cell *c, const struct call *call, struct verdict v)
{
	const struct buffer *b = &c->stage.buffer;
	struct group groups[MAX_GROUPS];
	unsigned int i;
	int g, n = cell_groups_of(b, groups);

	for (g = 0; g < n; g++)
		for (i = groups[g].first; i < groups[g].first + groups[g].count; i++)
			if (i < layout_pages_with(b, v.bytes) && contract_shows_present(call, i) &&
			    !oracle_is_present(arena_page(&c->stage.arena, b, i)))
				cell_fail(c, "the walk succeeded, and page %u is not there", i);
}

static void take_and_drop(struct cell *c, const char *how)
{
	const struct call call = call_of(c, TO_FILE);
	const struct pinner_ops *ops = c->pinner.ops;
	const struct buffer *b = &c->stage.buffer;
	struct verdict want = owed(c, &call), seen;
	int err;

	if (ops->vm_pin || ops->vm_lck)
		oracle_charges(&c->charged);
	errno = 0;
	c->pinner.complaint[0] = '\0';
	seen = check_verdict(c, &call, how, want, ops->take(&c->pinner, b->iov, b->niov));
	tally(c, want, seen);
	if (c->pinner.mode == ops->modes)
		say_cell(c, seen, "");
	/* A defect that took pages against the contract explains what the pinner says of them. */
	if (c->pinner.complaint[0])
		cell_fail_unless(c, contract_met(want, seen.err ? -seen.err : (ssize_t)seen.bytes) ?
				 NULL : c->defect, "%s%s", how, c->pinner.complaint);
	if (seen.err) {
		check_unchanged(c);
		return;
	}
	/* Pages that were taken against the contract are not used: they may have no struct page. */
	if (seen.bytes == want.bytes && call.flags & GUP_NO_PAGES)
		check_present(c, &call, seen);
	else if (seen.bytes == want.bytes)
		use_held(c, &call, seen);
	err = ops->drop ? ops->drop(&c->pinner) : 0;
	if (err)
		cell_fail(c, "the held memory cannot be released: %s", strerror(-err));
}

static void try_mode(struct cell *c, const struct pinner_mode *mode)
{
	char how[64];

	renew(c);
	c->pinner.mode = mode;
	snprintf(how, sizeof(how), "%s: ", mode->name);
	take_and_drop(c, how);
}

static void try_registration(struct cell *c)
{
	const struct pinner_mode *mode = c->pinner.ops->modes;

	if (!mode) {
		renew(c);
		take_and_drop(c, "");
		return;
	}
	for (; mode->name; mode++)
		try_mode(c, mode);
}

static void try_buffer(struct cell *c)
{
	if (!c->pinner.ops->io) {
		try_registration(c);
		return;
	}
	try_io(c, TO_FILE);
	if (pinner_fills(&c->pinner))
		try_io(c, FROM_FILE);
}

/*
 * Does the verdict depend on where the kernel calls GUP again? In a long buffer the layout of the
 * pages in memory decides that: where one bio ends and the next one begins.
 */
static bool asks_again(const struct cell *c)
{
	struct call call =
		pinner_contract(&c->pinner, TO_FILE, &c->stage.mapping.props, &c->stage.buffer);
	struct verdict v = contract_verdict(&call), once;

	call.new_vma = true;
	once = contract_verdict(&call);
	return v.err != once.err || v.bytes != once.bytes;
}

/* Can the mapping have this layout, and is the verdict known? */
static bool applies(const struct cell *c)
{
	const struct pinner_ops *p = c->pinner.ops;
	const struct mapping *m = &c->stage.mapping;
	const struct buffer *b = &c->stage.buffer;

	if (m->ops->control && !b->layout->brief)
		return false;
	if (b->touched && mapping_must_not_touch(m))
		return false;
	/* The known defect of such writes makes the CPU read the memory. */
	if (b->layout->sub && defect_find_flaw(p, READS_PARTS_BY_CPU) && mapping_must_not_touch(m))
		return false;
	if (cell_is_long(b) && asks_again(c))
		return false;
	return b->run <= m->pages;
}

/*
 * Proves that the pinner takes the layout when all its pages are ordinary. Once is enough for all
 * mappings whose buffers lie alike. The first layout is proven each time, before and after all
 * refusals of a cell.
 */
static void prove_good(struct cell *c, const struct layout *layout)
{
	bool *proven = proof(c, layout), failed = c->failed;

	if (proven && *proven && layout != &layouts[0])
		return;
	c->failed = false;
	c->proving = true;
	try_buffer(c);
	c->proving = false;
	if (proven)
		*proven |= !c->failed;
	c->failed |= failed;
}

static void try_layout(struct cell *c, const struct layout *layout)
{
	struct stage *s = &c->stage;
	int err;

	if (!pinner_fit(c->pinner.ops, &s->buffer, layout, s->arena.anchor, s->mapping.granule) ||
	    !applies(c))
		return;
	err = stage_set_good(s);
	if (!err) {
		if (cell_is_long(&s->buffer))
			refill(c);
		prove_good(c, layout);
		err = stage_set_tested(s);
	}
	if (!err && s->mapping.granule > 1)
		refill(c);
	if (err) {
		cell_fail(c, "the pages cannot be laid out: %s %s", strerror(-err), s->mapping.why);
		return;
	}
	try_buffer(c);
	stage_clear(s);
}

/* True when everything balances, or when a known defect explains which pages are kept. */
static bool check_oracle(struct cell *c, const struct oracle *before)
{
	char what[256];

	if (!oracle_pins_balanced(before, what, sizeof(what)) && !say_kept(c, what))
		return false;
	if (oracle_kernel_quiet(before, what, sizeof(what)))
		return true;
	cell_fail(c, "%s", what);
	return false;
}

/* Something did not balance at the end: finds the first layout that causes it. */
static void name_the_layout(struct cell *c)
{
	struct oracle o;
	bool balanced = true;
	size_t i;

	for (i = 0; balanced && i < nr_layouts; i++) {
		oracle_begin_where(&o, c->before.expects_leak);
		try_layout(c, &layouts[i]);
		balanced = check_oracle(c, &o);
		oracle_end(&o);
	}
	c->stage.buffer.layout = NULL;
}

/* The mapping may know who holds its pages. */
static void check_held(struct cell *c)
{
	struct mapping *m = &c->stage.mapping;
	long held = m->ops->held ? m->ops->held(m) : 0;

	if (held > 0)
		cell_fail(c, "%ld references to the mapping's own pages are still held", held);
	else if (held < 0)
		cell_fail(c, "the mapping cannot say who holds its pages: %s", strerror(errno));
}

static void try_layouts(struct cell *c)
{
	size_t i;

	for (i = 0; i < nr_layouts; i++)
		try_layout(c, &layouts[i]);
	/* After the last refusal the pinner must still take ordinary pages. */
	try_layout(c, &layouts[0]);
	c->stage.buffer.layout = NULL;
	if (!check_oracle(c, &c->before))
		name_the_layout(c);
	check_held(c);
	stage_restore(&c->stage);
	if (!arena_unreferenced(&c->stage.arena))
		cell_fail(c, "an ordinary page is still held by someone: F_SEAL_WRITE: %s",
			  strerror(errno));
}

/* Why the mapping and the pinner are no cell here, or NULL. */
static const char *unfit(const struct mapping *m, const struct pinner_ops *p)
{
	const char *why = defect_left_out(p, &m->props);

	if (why)
		return why;
	if (mapping_must_not_touch(m) && (p->cpu_copies || defect_find_flaw(p, READS_BY_CPU)))
		return "the CPU would read the BAR, which is not known to be memory";
	if (m->ops == &mapping_vdso && !scratch_reads_image(scratch_get(p->scratch)))
		return "the disk of the scratch file cannot read the kernel's image: I/O error";
	if (m->props.poisoned && p == &pinner_kvm && !vcpu_by_hardware())
		return "it cannot be told what KVM does without VMX and SVM";
	if (m->props.p2pdma &&
	    (p->flags & FOLL_PCI_P2PDMA || scratch_is_nvme(scratch_get(p->scratch))))
		return "it cannot be told whether the disk reaches another PCI device's memory";
	return NULL;
}

enum cell_result cell_try(const struct mapping_ops *mapping, const struct pinner_ops *pinner,
			  const char **why)
{
	static struct cell c;
	int err;

	if (mapping_open(&c.stage.mapping, mapping)) {
		*why = c.stage.mapping.why;
		return CELL_SKIP;
	}
	*why = unfit(&c.stage.mapping, pinner);
	/* The pinner is opened last: closing one that was opened in vain may wait for RCU. */
	if (!*why && pinner_open(&c.pinner, pinner))
		*why = c.pinner.why;
	if (*why) {
		mapping_close(&c.stage.mapping);
		return CELL_SKIP;
	}
	c.tally = &shared->tallies[mapping_index(mapping)];
	c.tally->opened++;
	oracle_begin_where(&c.before, defect_find_leak(pinner, &c.stage.mapping.props));
	err = stage_open(&c.stage);
	if (!err)
		try_layouts(&c);
	else
		cell_fail(&c, "no memory or no room to test in: %s", strerror(-err));
	defect_look_for(defect_find_flaw(pinner, PINS_BACKWARDS));
	defect_look_for(defect_find_flaw(pinner, MISPLACES_FIRST_PAGE));
	if (c.pinner.backwards)
		cell_fail_unless(&c, defect_find_flaw(pinner, PINS_BACKWARDS),
				 "the kernel pins to write what it reads, and to read what it writes to");
	oracle_end(&c.before);
	record_cell(&c);
	arena_close(&c.stage.arena);
	c.pinner.complaint[0] = '\0';
	pinner_close(&c.pinner);
	if (c.pinner.complaint[0])
		cell_fail(&c, "%s", c.pinner.complaint);
	mapping_close(&c.stage.mapping);
	if (c.failed)
		return CELL_FAIL;
	if (!c.defect)
		return CELL_PASS;
	*why = defect_reference(c.defect);
	return CELL_XFAIL;
}
