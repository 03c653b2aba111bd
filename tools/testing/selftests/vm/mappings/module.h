/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A mapping of pfnmap_test.ko whose faults fail or take long. It is not in mappings[]: its verdict
 * depends on how often it was touched.
 */
#ifndef PFNMAP_MAPPING_MODULE_H
#define PFNMAP_MAPPING_MODULE_H

#include "../test_module/pfnmap_test.h"
#include "mapping.h"

struct module_fault {
	enum pfnmap_test_fault answer;	/* result of the first @fails faults */
	unsigned int fails;
	unsigned int delay_ms;		/* time that each fault takes */
};

extern const struct mapping_ops mapping_mod_faulty;

/* As mapping_open(). */
int mapping_open_faulty(struct mapping *m, const struct module_fault *f);

/* Number of faults so far. */
unsigned int mapping_faults(struct mapping *m);

#endif
