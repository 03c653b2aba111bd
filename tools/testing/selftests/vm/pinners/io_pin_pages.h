/* SPDX-License-Identifier: GPL-2.0 */
/* The rules for long-term pins, which the registrations of io_uring share. */
#ifndef PFNMAP_IO_PIN_PAGES_H
#define PFNMAP_IO_PIN_PAGES_H

#include "pinner.h"

#define IO_PIN_PAGES_FLAGS (GUP_FAST | FOLL_PIN | FOLL_WRITE | FOLL_LONGTERM)

/* Pins all iovecs or none. */
struct verdict io_pin_pages(const struct call *c);

/* Pages that registered buffers add to VmPin. */
size_t io_buffer_account_pin(const struct call *c, unsigned int pages);

/* Known defects of registered buffers. */
extern const struct defect io_buffer_defects[];

/* What a pinner of registered buffers is, whatever moves its data. */
#define IO_REGISTERED_BUFFERS					\
	.rule = io_pin_pages,					\
	.caller = "io_sqe_buffer_register(), io_uring/rsrc.c",	\
	.flags = IO_PIN_PAGES_FLAGS,				\
	.charged = true,					\
	.vm_pin = io_buffer_account_pin,			\
	.defects = io_buffer_defects,				\
	.scratch = SCRATCH_MEMORY

#endif
