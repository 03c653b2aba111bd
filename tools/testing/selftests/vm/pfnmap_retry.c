// SPDX-License-Identifier: GPL-2.0
/*
 * Good memory whose pages must be waited for: GUP gives up the mmap lock, waits, and comes back to
 * where it was (VM_FAULT_RETRY, FOLL_TRIED). Callers that let it do so get all pages and the right
 * bytes, also when a signal comes meanwhile; the others refuse the page, and keep none. A process
 * that is killed while it waits keeps none, either.
 */
#define RETRY_PINNERS(PINNER)		\
	IO_URING_PINNERS(PINNER)	\
	DIRECT_IO_PINNERS(PINNER)	\
	SPLICE_PINNERS(PINNER)		\
	WALK_PINNERS(PINNER)		\
	FUTEX_PINNERS(PINNER)		\
	VFIO_PINNERS(PINNER)		\
	GUP_PINNERS(PINNER)		\
	PINNER(process_vm)		\
	PINNER(proc_mem)		\
	PINNER(ptrace)			\
	PINNER(xdp)
#define SUITE_USES(PINNER) RETRY_PINNERS(PINNER)
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "lib/suite.h"
#include "lib/faults.h"
#include "lib/oracle.h"

#define PAGES 4
#define SALT_RETRY 37

struct retried {
	struct faults faults;
	struct pinner pinner;
	struct buffer buffer;
	struct mapping anon;		/* for its facts: the memory is like that */
	char wrong[256];		/* the first wrong result, or "" */
};

/* Whoever waits has to wait again. */
static void pass(int signal __maybe_unused) {}

static bool after_a_signal(struct faults *f)
{
	pthread_kill(*(pthread_t *)f->arg, SIGUSR1);
	return true;
}

/* Returns NULL, or why there is nothing to test with. */
static const char *open_retried(struct retried *r, const struct pinner_ops *ops)
{
	static const struct layout all = { .name = "P", .p = PAGES };
	const char *why;

	if (mapping_open(&r->anon, &mapping_anon))
		return r->anon.why;
	why = faults_open(&r->faults, PAGES, SALT_RETRY);
	if (why) {
		mapping_close(&r->anon);
		return why;
	}
	if (!pinner_fit(ops, &r->buffer, &all, r->faults.base, 1))
		why = "it takes no page of such a buffer";
	else if (pinner_open(&r->pinner, ops))
		why = r->pinner.why;
	if (why) {
		faults_close(&r->faults);
		mapping_close(&r->anon);
	}
	return why;
}

static void close_retried(struct retried *r)
{
	pinner_close(&r->pinner);
	faults_close(&r->faults);
	mapping_close(&r->anon);
}

/* Every byte of the file is that of the memory. */
static bool has_moved(const struct retried *r)
{
	static char seen[PAGES * MAX_PAGE] __aligned(MAX_PAGE);
	const struct scratch *s = r->pinner.scratch;
	const struct buffer *b = &r->buffer;
	size_t i;

	if (pread(s->out, seen, b->len, s->out_start) != (ssize_t)b->len)
		return false;
	for (i = 0; i < b->len / PAGE; i++)
		if (!pattern_holds(seen + i * PAGE, PATTERN_ID(SALT_RETRY, i), 0, PAGE))
			return false;
	return true;
}

/* Every byte of the memory is that of the file. */
static bool has_come(const struct retried *r)
{
	const struct buffer *b = &r->buffer;
	size_t i;

	for (i = 0; i < b->len / PAGE; i++)
		if (!pattern_holds(r->faults.base + i * PAGE, scratch_in_id(i), 0, PAGE))
			return false;
	return true;
}

/* The bytes of each page that is held are those of the memory. */
static bool is_seen(struct retried *r)
{
	size_t i;

	for (i = 0; i < r->buffer.len / PAGE; i++)
		if (!pinner_sees(&r->pinner, r->faults.base + i * PAGE, PATTERN_ID(SALT_RETRY, i)))
			return false;
	return true;
}

/* These let the slow walk give up the lock: they pass @locked, or hold no lock. */
static bool is_unlockable(const struct pinner_ops *ops)
{
	return ops == &pinner_process_vm || ops == &pinner_mlock || ops == &pinner_populate_read ||
	       ops == &pinner_populate_write || ops == &pinner_pin_unlocked;
}

/*
 * Calls for which GUP may give up the lock; what the others do is refuse. Those for the long term
 * could not yet in 6.1: __gup_longterm_unlocked(), mm/gup.c, and io_pin_pages(), which passed vmas.
 */
static bool must_retry(const struct call *c)
{
	if (c->flags & FOLL_LONGTERM && !kernel_has(PIN_WITHOUT_VMAS))
		return false;
	return c->flags & GUP_FAST || is_unlockable(c->pinner);
}

static void complain(struct retried *r, const char *what, ssize_t got)
{
	const struct pinner_mode *mode = r->pinner.mode;

	if (!r->wrong[0])
		snprintf(r->wrong, sizeof(r->wrong), "%s%s%s: %s", mode ? mode->name : "",
			 mode ? ": " : "", got < 0 ? strerror(-got) : "taken", what);
}

/* All pages were taken: their bytes are the right ones where @dir has put them. */
static void check_bytes(struct retried *r, enum direction dir, ssize_t got)
{
	struct pinner *p = &r->pinner;

	if (p->ops->io && dir == TO_FILE && !has_moved(r))
		complain(r, "the file has other bytes than the memory", got);
	if (p->ops->io && dir == FROM_FILE && !has_come(r))
		complain(r, "the memory has other bytes than the file", got);
	if (p->ops->move && !is_seen(r))
		complain(r, "the kernel sees other bytes than the memory's", got);
}

static void try_call(struct retried *r, enum direction dir)
{
	struct pinner *p = &r->pinner;
	const struct buffer *b = &r->buffer;
	const struct call call = pinner_contract(p, dir, &r->anon.props, b);
	struct verdict want = contract_verdict(&call);
	unsigned int before = r->faults.served;
	ssize_t got = pinner_call(p, dir, b->iov, b->niov);

	if (!contract_met(want, got) && (got >= 0 || must_retry(&call)))
		complain(r, want.err ? strerror(want.err) : "all pages are owed", got);
	else if (got > 0 && r->faults.served == before)
		complain(r, "no page was waited for", got);
	else if (got == (ssize_t)b->len)
		check_bytes(r, dir, got);
	if (got > 0 && p->ops->drop && p->ops->drop(p))
		complain(r, "what is held cannot be released", got);
}

static void try_direction(struct retried *r, enum direction dir)
{
	int err = faults_renew(&r->faults);

	if (err)
		complain(r, "the pages cannot be taken away", err);
	else
		try_call(r, dir);
}

/* I/O in both directions, or each mode of a registration. */
static void try_all(struct retried *r)
{
	struct pinner *p = &r->pinner;

	p->mode = p->ops->modes;
	do
		try_direction(r, TO_FILE);
	while (pinner_next_mode(p));
	if (p->ops->io && pinner_fills(p))
		try_direction(r, FROM_FILE);
}

FIXTURE(retried)
{
	struct retried retried;
	pthread_t waits;
	struct oracle before;
};

FIXTURE_VARIANT(retried)
{
	bool (*may_come)(struct faults *f);
};

FIXTURE_VARIANT_ADD(retried, alone) {};
FIXTURE_VARIANT_ADD(retried, signalled) { after_a_signal };

FIXTURE_SETUP(retried)
{
	const struct sigaction action = { .sa_handler = pass };

	self->waits = pthread_self();
	self->retried.faults.may_come = variant->may_come;
	self->retried.faults.arg = &self->waits;
	sigaction(SIGUSR1, &action, NULL);
}

FIXTURE_TEARDOWN(retried) {}

#define PINNER(name)								\
TEST_F(retried, name)								\
{										\
	struct retried *r = &self->retried;					\
	const char *why;							\
	char what[256];								\
										\
	oracle_begin(&self->before);						\
	why = open_retried(r, &pinner_##name);					\
	if (!why) {								\
		try_all(r);							\
		close_retried(r);						\
	}									\
	EXPECT_STREQ("", r->wrong);						\
	EXPECT_TRUE(oracle_balanced(&self->before, what, sizeof(what)))		\
		TH_LOG("%s", what);						\
	oracle_end(&self->before);						\
	if (why)								\
		SUITE_SKIP("%s", why);						\
}
RETRY_PINNERS(PINNER)
#undef PINNER

/* What a process has told when it is killed: it waits, or its call has returned at once. */
enum told { WAITS = 1, REFUSED, GAVE_UP };

/* The first one comes: GUP has pages when it waits again, and is killed. */
static bool no_other(struct faults *f)
{
	if (f->served == 1)
		return true;
	eventfd_write(*(int *)f->arg, WAITS);
	return false;
}

static enum told call_and_wait(struct retried *r)
{
	struct pinner *p = &r->pinner;
	struct call call;

	p->mode = p->ops->modes;
	call = pinner_contract(p, TO_FILE, &r->anon.props, &r->buffer);
	if (faults_renew(&r->faults))
		return GAVE_UP;
	r->faults.served = 0;
	pinner_call(p, TO_FILE, r->buffer.iov, r->buffer.niov);
	return must_retry(&call) ? GAVE_UP : REFUSED;
}

/* Kills a process that waits in the pinner. */
static enum told kill_waiting(struct retried *r, const struct pinner_ops *ops)
{
	int fd = eventfd(0, EFD_CLOEXEC);
	eventfd_t told = GAVE_UP;
	pid_t parent = getpid(), child = fd < 0 ? -1 : fork();

	if (!child) {
		/* It must not wait for ever when this process is killed instead. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(0);
		r->faults.may_come = no_other;
		r->faults.arg = &fd;
		eventfd_write(fd, open_retried(r, ops) ? GAVE_UP : call_and_wait(r));
		pause();
	}
	if (child < 0)
		return told;
	eventfd_read(fd, &told);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(fd);
	return told;
}

FIXTURE(killed)
{
	struct retried retried;
	struct oracle before;
};

FIXTURE_SETUP(killed)
{
	oracle_begin(&self->before);
}

FIXTURE_TEARDOWN(killed)
{
	oracle_end(&self->before);
}

#define PINNER(name)								\
TEST_F(killed, name)								\
{										\
	const char *why = defect_left_out_for(&pinner_##name, CANNOT_BE_KILLED);	\
	char what[256];								\
										\
	if (!why)								\
		why = open_retried(&self->retried, &pinner_##name);		\
	if (why)								\
		SUITE_SKIP("%s", why);						\
	close_retried(&self->retried);						\
	EXPECT_TRUE(kill_waiting(&self->retried, &pinner_##name) != GAVE_UP)	\
		TH_LOG("it does not wait for a page");			\
	EXPECT_TRUE(oracle_balanced(&self->before, what, sizeof(what)))		\
		TH_LOG("%s", what);						\
}
RETRY_PINNERS(PINNER)
#undef PINNER

SUITE_MAIN
