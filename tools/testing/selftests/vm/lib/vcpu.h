/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vCPU of KVM that copies words. Its program, mode and registers are written for x86-64;
 * elsewhere these functions fail.
 */
#ifndef PFNMAP_VCPU_H
#define PFNMAP_VCPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define VCPU_WORD 4UL

/* Is there a program for this architecture? */
bool vcpu_known(void);

/* Is KVM here that of VMX or SVM, and not one that works without them? */
bool vcpu_by_hardware(void);

/* Puts the program of the vCPU where guest physical address 0 is. */
void vcpu_put_program(void *at);

/* Addresses become guest physical addresses. 0 or -errno. */
int vcpu_set_mode(int cpu);

/* Prepares the copy of @len bytes from and to guest physical addresses. 0 or -errno. */
int vcpu_prepare_copy(int cpu, uint64_t from, uint64_t to, size_t len);

/* Bytes that the copy has not done when its program ended by KVM_EXIT_HLT, or was ended. -errno. */
ssize_t vcpu_left(int cpu);

#endif
