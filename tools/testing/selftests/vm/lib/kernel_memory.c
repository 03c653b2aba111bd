// SPDX-License-Identifier: GPL-2.0
/* Memory that the kernel has for itself; see kernel_memory.h. */
#define _GNU_SOURCE
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler.h"
#include "kernel_memory.h"
#include "oracle.h"
#include "pattern.h"

/* What is not the kernel's own: of /proc/vmstat, in pages. */
static const char *const not_kernels[] = {
	"nr_free_pages", "nr_inactive_anon", "nr_active_anon", "nr_inactive_file", "nr_active_file",
	"nr_unevictable", "nr_isolated_anon", "nr_isolated_file", "nr_slab_reclaimable",
};

static long count_not_kernels(const char *name, long pages)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(not_kernels); i++)
		if (!strcmp(name, not_kernels[i]))
			return pages;
	return 0;
}

/* Free pages that the CPUs keep for themselves; /proc/zoneinfo has them, for each CPU and zone. */
static long count_kept_free(const char *name, long pages)
{
	return !strcmp(name, "count:") ? pages : 0;
}

/* The sum over the lines of @path, each "name number"; LONG_MIN when it cannot be read. */
static long sum(const char *path, long (*count)(const char *name, long pages))
{
	FILE *file = fopen(path, "re");
	char *line = NULL, name[64];
	size_t size = 0;
	long pages, all = 0;

	if (!file)
		return LONG_MIN;
	while (getline(&line, &size, file) > 0)
		if (sscanf(line, " %63s %ld", name, &pages) == 2)
			all += count(name, pages);
	free(line);
	fclose(file);
	return all;
}

long kernel_memory(void)
{
	long counted, kept_free;

	if (!oracle_fold_counters())
		return LONG_MIN;
	counted = sum("/proc/vmstat", count_not_kernels);
	kept_free = sum("/proc/zoneinfo", count_kept_free);
	if (counted == LONG_MIN || kept_free == LONG_MIN)
		return LONG_MIN;
	return -(counted + kept_free) * (long)PAGE / 1024;
}
