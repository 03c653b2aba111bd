/* SPDX-License-Identifier: GPL-2.0 */
/* O_DIRECT on a file of ext4 or xfs: the rule of fs/iomap/direct-io.c, for several pinners. */
#ifndef PFNMAP_IOMAP_H
#define PFNMAP_IOMAP_H

#include "pinner.h"

/* Adds FOLL_PIN since 6.5 (a7e689dd1c06), FOLL_GET before. */
unsigned int bio_flags(const struct call *c);

struct verdict iomap_dio_rw(const struct call *c);

extern const struct defect iomap_defects[];

/* DAX_BIO_MIXED: a bio whose pages are of DAX and of other memory goes wrong. */
bool bio_has_dax(const struct pinner_ops *pinner, const struct mapping_props *m);

/* Known defects of bios, for pinners without fs/iomap. */
extern const struct defect bio_defects[];

#endif
