/* SPDX-License-Identifier: GPL-2.0 */
/* RAM that the kernel's command line set apart for tests, and that no kernel or firmware uses. */
#ifndef PFNMAP_RESERVED_H
#define PFNMAP_RESERVED_H

#include <stdbool.h>

/* Finds memmap=SIZE$START on the command line: physical bytes, whole pages. */
bool reserved_ram(unsigned long long *start, unsigned long long *size);

/* Is the range within a memmap=SIZE%START-OLD+NEW, which made another kind of memory of RAM? */
bool reserved_turned(unsigned long long start, unsigned long long size);

/* A command line is only a wish: does /proc/iomem have the range as @name ("Reserved")? */
bool reserved_as(const char *name, unsigned long long start, unsigned long long size);

#endif
