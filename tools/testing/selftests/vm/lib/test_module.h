/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pfnmap_test.ko lies beside the program. The first test that needs it loads it, when root runs the
 * program, since loading taints the kernel. It is unloaded behind the last program that needed it,
 * however that ended.
 */
#ifndef PFNMAP_TEST_MODULE_H
#define PFNMAP_TEST_MODULE_H

#include <stddef.h>

/* Prepares for loading and unloading. Must be called before the first fork; never fails. */
void test_module_prepare(void);

/*
 * Opens /dev/pfnmap_test; loads the module where it is not loaded. Returns the fd, or -1 with the
 * reason and what to do in @why.
 */
int test_module_open(char *why, size_t size);

#endif
