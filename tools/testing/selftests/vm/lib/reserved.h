/* SPDX-License-Identifier: GPL-2.0 */
/* RAM that the kernel's command line reserves for tests: neither kernel nor firmware uses it. */
#ifndef PFNMAP_RESERVED_H
#define PFNMAP_RESERVED_H

#include <stdbool.h>

/* Finds memmap=SIZE$START on the command line: physical bytes, whole pages. */
bool reserved_ram(unsigned long long *start, unsigned long long *size);

/* Is the range within a memmap=SIZE%START-OLD+NEW, which turns RAM into another kind of memory? */
bool reserved_turned(unsigned long long start, unsigned long long size);

/* The command line may be ignored: does /proc/iomem have the range as @name ("Reserved")? */
bool reserved_as(const char *name, unsigned long long start, unsigned long long size);

#endif
