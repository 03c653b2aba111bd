/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pfnmap_test.ko: loaded when a program starts and root runs it, where it lies beside the program,
 * and unloaded again behind the last program that wants it, however that ended.
 */
#ifndef PFNMAP_TEST_MODULE_H
#define PFNMAP_TEST_MODULE_H

#include <stddef.h>

/* Loads it where that is possible. Must be called before the first fork; never fails. */
void test_module_prepare(void);

/* Opens /dev/pfnmap_test. Returns the fd, or -1 with the reason and what to do in @why. */
int test_module_open(char *why, size_t size);

#endif
