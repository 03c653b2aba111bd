/* SPDX-License-Identifier: GPL-2.0 */
/* How io_uring pins memory that it keeps: rules that its registrations share. */
#ifndef PFNMAP_IO_PIN_PAGES_H
#define PFNMAP_IO_PIN_PAGES_H

#include "pinner.h"

#define IO_PIN_PAGES_FLAGS (GUP_FAST | FOLL_PIN | FOLL_WRITE | FOLL_LONGTERM)

/* All iovecs, or nothing. */
struct verdict io_pin_pages(const struct call *c);

/* What registered buffers add to VmPin. */
size_t io_buffer_account_pin(const struct call *c, unsigned int pages);

/* Known defects of registered buffers. */
extern const struct defect io_buffer_defects[];

#endif
