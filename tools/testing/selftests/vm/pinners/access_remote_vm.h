/* SPDX-License-Identifier: GPL-2.0 */
/* The rule of __access_remote_vm(), mm/memory.c, which /proc/PID/mem and ptrace share. */
#ifndef PFNMAP_ACCESS_REMOTE_VM_H
#define PFNMAP_ACCESS_REMOTE_VM_H

#include "pinner.h"

/* The pages before the refused one count as done. The errno of a refusal is EIO, not GUP's. */
struct verdict access_remote_vm(const struct call *c);

/* fs/proc/base.c, environ_read(): bytes that a reader gets of one page of environment. */
size_t environ_bytes(const struct mapping_props *m, const struct buffer *b);

extern const struct defect access_remote_vm_defects[];

#endif
