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

/* What a page becomes: call_gup(), or what a caller adds to it. */
typedef struct outcome (*call_page_outcome)(const struct call *c, unsigned int i);

/* @page's outcome when the call comes to page @i once more: the fault of the first time has run. */
struct outcome call_again(const struct call *c, call_page_outcome page, unsigned int i);

/* The same with other flags. */
struct outcome call_gup_with(const struct call *c, unsigned int i, unsigned int flags);

/* The first page of [@from, @to) that is refused, with its outcome in @why, or @to. */
unsigned int call_first_refused(const struct call *c, call_page_outcome page, unsigned int from,
				unsigned int to, struct outcome *why);

/* Pages of an iovec of the buffer; all have the same number. */
unsigned int call_iovec_pages(const struct call *c);

/* Results. @rule is what the caller does, as a text. */
struct verdict verdict_taken(size_t bytes);
struct verdict verdict_refused(unsigned int page, struct outcome why, const char *rule);
struct verdict verdict_short(size_t bytes, unsigned int page, struct outcome why, const char *rule);

/* The verdict, but a refusal is @err whatever GUP said. */
struct verdict verdict_errno(struct verdict v, int err);

/* Bytes from page @i on that a CPU copies before it is stopped. */
size_t call_cpu_bytes(const struct call *c, unsigned int i);

/*
 * All of the buffer, or nothing. GUP is asked once for each iovec; a short answer is called
 * @short_errno.
 */
struct verdict pinned_at_once(const struct call *c, int short_errno);

/*
 * All or nothing. After a short answer GUP is asked for the rest, so that the page's own errno is
 * returned.
 */
struct verdict pinned_iovec_by_iovec(const struct call *c, call_page_outcome page);

/* What came before the first refused page counts, the error is lost. */
struct verdict short_count(const struct call *c);

/* The CPU copies as far as it comes; it fails where it cannot copy the first byte. */
struct verdict cpu_copies(const struct call *c);

/* The same, but part of the buffer is nothing. */
struct verdict cpu_copies_whole(const struct call *c);

/* Each page in turn with @page: what came before the first refused one counts. */
struct verdict short_count_of(const struct call *c, call_page_outcome page);

/* Page by page, all or nothing: the errno is that of the first refused page. */
struct verdict page_by_page(const struct call *c);

#endif
