// SPDX-License-Identifier: GPL-2.0
/* Code shared by all pinners; see pinner.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pinner.h"

#define SALT_TEXT 'T'

int pinner_skip(struct pinner *p, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(p->why, sizeof(p->why), fmt, args);
	va_end(args);
	return -1;
}

void pinner_complain(struct pinner *p, const char *fmt, ...)
{
	va_list args;

	if (p->complaint[0])
		return;
	va_start(args, fmt);
	vsnprintf(p->complaint, sizeof(p->complaint), fmt, args);
	va_end(args);
}

struct call pinner_contract(const struct pinner *p, enum direction dir,
			    const struct mapping_props *m, const struct buffer *b)
{
	struct call c = { .pinner = p->ops, .mapping = m, .buffer = b, .flags = p->ops->flags };

	if (p->ops->io && (dir == FROM_FILE || p->backwards))
		c.flags |= FOLL_WRITE;
	if (p->mode)
		c.flags |= p->mode->flags;
	return c;
}

/*
 * A backwards pin for read may be of a shared page, the zero page for instance: do not write to it.
 */
bool pinner_fills(const struct pinner *p)
{
	return p->ops->io && !p->ops->one_way && !p->backwards;
}

size_t pinner_align(const struct pinner_ops *ops)
{
	return ops->align ? ops->align : PAGE;
}

size_t pinner_max_pages(const struct pinner_ops *ops)
{
	size_t pages = ops->max_pages ? ops->max_pages : SIZE_MAX;
	size_t whole = ops->max_bytes ? ops->max_bytes / PAGE : SIZE_MAX;

	return pages < whole ? pages : whole;
}

bool pinner_fit(const struct pinner_ops *ops, struct buffer *b, const struct layout *layout,
		void *anchor, size_t granule)
{
	layout_fit(b, layout, anchor, granule, pinner_align(ops));
	/* Otherwise the result depends on whether a PTE happens to be present. */
	b->touched |= ops->no_faults;
	if (layout->sub && !ops->align)
		return false;
	if (b->pages < ops->min_pages || b->pages > pinner_max_pages(ops))
		return false;
	if (ops->power_of_two && b->pages & (b->pages - 1))
		return false;
	return b->niov <= (ops->one_iovec ? 1 : PINNER_MAX_IOVECS);
}

bool pinner_next_mode(struct pinner *p)
{
	return p->mode && (++p->mode)->name;
}

ssize_t pinner_call(struct pinner *p, enum direction dir, const struct iovec *iov, int n)
{
	if (p->ops->io)
		return p->ops->io(p, dir, iov, n, dir == TO_FILE ? p->scratch->out_start : 0);
	return p->ops->take(p, iov, n);
}

size_t pinner_length(const struct iovec *iov, int n)
{
	size_t len = 0;
	int i;

	for (i = 0; i < n; i++)
		len += iov[i].iov_len;
	return len;
}

ssize_t pinner_each_page(struct pinner *p, const struct iovec *iov, int n,
			 int (*take)(struct pinner *p, void *page))
{
	ssize_t taken = 0;
	size_t at;
	int i, err;

	for (i = 0; i < n; i++) {
		for (at = 0; at < iov[i].iov_len; at += PAGE) {
			err = take(p, (char *)iov[i].iov_base + at);
			if (err < 0)
				return taken ? taken : err;
			taken += PAGE;
		}
	}
	return taken;
}

ssize_t pinner_bounce(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
		      off_t at, pinner_copy copy)
{
	static char bounce[LAYOUT_PAGES * MAX_PAGE];
	ssize_t len = pinner_length(iov, n), got;

	if (dir == FROM_FILE && pread(p->scratch->in, bounce, len, at) != len)
		return -errno;
	got = copy(p, dir, iov, n, bounce);
	if (got > 0 && dir == TO_FILE && pwrite(p->scratch->out, bounce, got, at) != got)
		return -errno;
	return got;
}

void pinner_write_text(char *text, unsigned int pages)
{
	unsigned int i;

	for (i = 0; i < pages; i++)
		pattern_fill(text + i * PAGE, PATTERN_ID(SALT_TEXT, i), 0, PAGE);
}

int pinner_holds_text(const struct iovec *iov, int n, const char *text)
{
	int i;

	for (i = 0; i < n; text += iov[i++].iov_len)
		if (memcmp(iov[i].iov_base, text, iov[i].iov_len))
			return -EBADMSG;
	return 0;
}

/* A long buffer, or a huge page and ordinary pages, plus the ring itself on some kernels. */
#define CHARGED_PAGES (2 * LAYOUT_PAGES + 64)

/* io_uring does not apply RLIMIT_MEMLOCK to a task with CAP_IPC_LOCK; the UID does not matter. */
bool pinner_sees(struct pinner *p, void *page, pattern_id id)
{
	off_t at = scratch_short_slot(p->scratch, 0);
	char seen[MAX_PAGE] __aligned(MAX_PAGE);

	return p->ops->move(p, TO_FILE, page, PAGE, 0, at) == (ssize_t)PAGE &&
	       pread(p->scratch->out, seen, PAGE, at) == (ssize_t)PAGE &&
	       pattern_holds(seen, id, 0, PAGE);
}

bool pinner_has_ipc_lock(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	return !syscall(SYS_capget, &header, data) && data[0].effective & 1U << CAP_IPC_LOCK;
}

size_t pinner_memlock_pages(void)
{
	struct rlimit limit;

	if (pinner_has_ipc_lock() || getrlimit(RLIMIT_MEMLOCK, &limit))
		return SIZE_MAX;
	if (limit.rlim_cur == RLIM_INFINITY)
		return SIZE_MAX;
	return limit.rlim_cur / PAGE;
}

int pinner_open(struct pinner *p, const struct pinner_ops *ops)
{
	const char *left_out = defect_left_out(ops, NULL);

	memset(p, 0, sizeof(*p));
	p->ops = ops;
	if (left_out)
		return pinner_skip(p, "%s", left_out);
	p->scratch = scratch_get(ops->scratch);
	if (p->scratch->in < 0)
		return pinner_skip(p, "%s", p->scratch->why);
	if (ops->charged && pinner_memlock_pages() < CHARGED_PAGES)
		return pinner_skip(p, "RLIMIT_MEMLOCK is %zu KiB: ulimit -l 8192, or run as root",
				   pinner_memlock_pages() * PAGE / 1024);
	return ops->open ? ops->open(p) : 0;
}

void pinner_close(struct pinner *p)
{
	if (p->ops->close)
		p->ops->close(p);
}
