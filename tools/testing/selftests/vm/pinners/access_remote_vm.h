/* SPDX-License-Identifier: GPL-2.0 */
/* The rule of __access_remote_vm(), mm/memory.c, which /proc/PID/mem and ptrace share. */
#ifndef PFNMAP_ACCESS_REMOTE_VM_H
#define PFNMAP_ACCESS_REMOTE_VM_H

#include "pinner.h"

/* The pages before the refused one count as done. The errno of a refusal is EIO, not GUP's. */
struct verdict access_remote_vm(const struct call *c);

extern const struct defect access_remote_vm_defects[];

#endif
