/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What callers of GUP make of the outcomes of their pages. Several kernel paths share these rules;
 * the rule of one path is beside its pinner.
 */
#ifndef PFNMAP_CALLERS_H
#define PFNMAP_CALLERS_H

#include "contract.h"

/* Page @i of the buffer as GUP meets it, when the call comes to it for the first time. */
struct user_page call_page(const struct call *c, unsigned int i);

/* GUP's outcome for page @i, with the call's flags. */
struct outcome call_gup(const struct call *c, unsigned int i);

/* The outcome of a page: call_gup(), or what a caller adds to it. */
typedef struct outcome (*call_page_outcome)(const struct call *c, unsigned int i);

/* @page's outcome when the call comes to page @i again: the first time has run the fault. */
struct outcome call_again(const struct call *c, call_page_outcome page, unsigned int i);

/* The same with other flags. */
struct outcome call_gup_with(const struct call *c, unsigned int i, unsigned int flags);

/* The first page of [@from, @to) that is refused, with its outcome in @why, or @to. */
unsigned int call_first_refused(const struct call *c, call_page_outcome page, unsigned int from,
				unsigned int to, struct outcome *why);

/* Pages of an iovec of the buffer; all have the same number. */
unsigned int call_iovec_pages(const struct call *c);

/* Results. @rule tells what the caller does. */
struct verdict verdict_taken(size_t bytes);
struct verdict verdict_refused(unsigned int page, struct outcome why, const char *rule);
struct verdict verdict_short(size_t bytes, unsigned int page, struct outcome why, const char *rule);

/* The verdict, but every refusal is @err. */
struct verdict verdict_errno(struct verdict v, int err);

/* Bytes from page @i on that a CPU copies until it cannot reach a page. */
size_t call_cpu_bytes(const struct call *c, unsigned int i);

/*
 * All of the buffer, or nothing. The caller calls GUP once for each iovec; a short answer is
 * @short_errno.
 */
struct verdict pinned_at_once(const struct call *c, int short_errno);

/*
 * All or nothing. After a short answer the caller asks GUP for the rest, so that the page's own
 * errno is returned.
 */
struct verdict pinned_iovec_by_iovec(const struct call *c, call_page_outcome page);

/*
 * The pages before the first refused one count; its errno is lost, except that of the first page.
 */
struct verdict short_count(const struct call *c);

/* The same, with a call of GUP for each @batch pages of an iovec. */
struct verdict short_count_of_batches(const struct call *c, unsigned int batch);

/* The same, page by page, with @page for each. */
struct verdict short_count_of(const struct call *c, call_page_outcome page);

/* The CPU copies as far as it can; the call fails when it cannot copy the first byte. */
struct verdict cpu_copies(const struct call *c);

/* The same, but a part of the buffer counts as nothing. */
struct verdict cpu_copies_whole(const struct call *c);

/* Page by page, all or nothing: the errno is that of the first refused page. */
struct verdict page_by_page(const struct call *c);

#endif
