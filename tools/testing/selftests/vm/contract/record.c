// SPDX-License-Identifier: GPL-2.0
/* What a run saw, as lines; see record.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/compiler.h"
#include "../lib/libc.h"
#include "kernel.h"
#include "record.h"

#define LAST_ERRNO 133

static const struct {
	const char *name;
	size_t offset;
} bools[] = {
#define BOOL(name) { #name, offsetof(struct mapping_props, name) }
	BOOL(reserved), BOOL(pfnmap_on_fault), BOOL(special), BOOL(secretmem), BOOL(has_access),
	BOOL(anonymous), BOOL(zero_page), BOOL(fresh), BOOL(private_reserved), BOOL(file),
	BOOL(fsdax), BOOL(zone_device), BOOL(no_mapping), BOOL(dirty_tracked),
	BOOL(always_dumped), BOOL(by_pmd), BOOL(poisoned), BOOL(p2pdma),
#undef BOOL
};

static const struct {
	const char *name;
	size_t offset, usual;
} counts[] = {
#define COUNT(name, usual) { #name, offsetof(struct mapping_props, name), usual }
	COUNT(normal_pages, 0), COUNT(fault_pages, SIZE_MAX), COUNT(write_faults, SIZE_MAX),
	COUNT(cpu_pages, SIZE_MAX), COUNT(counted_pages, SIZE_MAX), COUNT(compound, 1),
#undef COUNT
};

static bool *bool_of(const struct mapping_props *m, size_t i)
{
	return (bool *)((char *)m + bools[i].offset);
}

static size_t *count_of(const struct mapping_props *m, size_t i)
{
	return (size_t *)((char *)m + counts[i].offset);
}

void record_default(struct mapping_props *m)
{
	size_t i;

	memset(m, 0, sizeof(*m));
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		*count_of(m, i) = counts[i].usual;
}

void record_kernel(void)
{
	char text[512];

	printf("# kernel %s\n# page %zu\n", kernel_describe(text, sizeof(text)), PAGE);
}

void record_mapping(const char *name, size_t granule, const struct mapping_props *m)
{
	size_t i;

	printf("# mapping %s granule=%zu vm_flags=%#x", name, granule, m->vm_flags);
	for (i = 0; i < ARRAY_SIZE(bools); i++)
		if (*bool_of(m, i))
			printf(" %s=1", bools[i].name);
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		if (*count_of(m, i) != counts[i].usual)
			printf(" %s=%zu", counts[i].name, *count_of(m, i));
	printf("\n");
}

static bool set_fact(struct mapping_props *m, const char *name, size_t value)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bools); i++)
		if (!strcmp(bools[i].name, name))
			return *bool_of(m, i) = value;
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		if (strcmp(counts[i].name, name))
			continue;
		*count_of(m, i) = value;
		return true;
	}
	m->vm_flags = value;
	return !strcmp(name, "vm_flags");
}

bool record_read_mapping(const char *text, size_t *granule, struct mapping_props *m)
{
	char name[32], value[32];
	int len;

	record_default(m);
	if (sscanf(text, " granule=%zu%n", granule, &len) != 1)
		return false;
	for (text += len; sscanf(text, " %31[^=]=%31s%n", name, value, &len) == 2; text += len)
		if (!set_fact(m, name, strtoull(value, NULL, 0)))
			return false;
	return true;
}

const char *record_result(ssize_t result, char *text, size_t size)
{
	if (result >= 0)
		snprintf(text, size, "%zd", result);
	else if (strerrorname_np(-result))
		snprintf(text, size, "%s", strerrorname_np(-result));
	else
		snprintf(text, size, "errno%zd", -result);
	return text;
}

ssize_t record_read_result(const char *text)
{
	char *end;
	long long number = strtoll(text, &end, 10);
	int err;

	if (end != text && !*end && number >= 0)
		return number;
	for (err = 1; err <= LAST_ERRNO; err++)
		if (strerrorname_np(err) && !strcmp(strerrorname_np(err), text))
			return -err;
	if (sscanf(text, "errno%d", &err) == 1 && err > 0)
		return -err;
	return RECORD_UNREADABLE;
}
