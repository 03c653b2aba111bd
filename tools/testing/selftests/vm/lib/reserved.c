// SPDX-License-Identifier: GPL-2.0
/* RAM that the kernel's command line reserves; see reserved.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pattern.h"
#include "reserved.h"

static unsigned long long size_of(const char *text, char **end)
{
	unsigned long long n = strtoull(text, end, 0);

	switch (**end) {
	case 'G': case 'g':
		n <<= 10; /* fall through */
	case 'M': case 'm':
		n <<= 10; /* fall through */
	case 'K': case 'k':
		n <<= 10;
		(*end)++;
	}
	return n;
}

/* Calls @f for each memmap=SIZE@signSTART of the command line until @f returns true. */
static bool any_memmap(char sign, bool (*f)(unsigned long long start, unsigned long long size,
					    unsigned long long *arg), unsigned long long *arg)
{
	char line[4096] = "", *word, *end;
	unsigned long long size;
	FILE *cmdline = fopen("/proc/cmdline", "re");

	if (!cmdline)
		return false;
	if (!fgets(line, sizeof(line), cmdline))
		line[0] = '\0';
	fclose(cmdline);
	for (word = strstr(line, "memmap="); word; word = strstr(word, "memmap=")) {
		word += strlen("memmap=");
		size = size_of(word, &end);
		if (*end == sign && f(size_of(end + 1, &end), size, arg))
			return true;
	}
	return false;
}

static bool is_whole_pages(unsigned long long start, unsigned long long size,
			   unsigned long long *found)
{
	found[0] = start;
	found[1] = size;
	return size >= PAGE && start % PAGE == 0;
}

bool reserved_ram(unsigned long long *start, unsigned long long *size)
{
	unsigned long long found[2] = {};
	bool any = any_memmap('$', is_whole_pages, found);

	*start = found[0];
	*size = found[1];
	return any;
}

static bool has_in_it(unsigned long long start, unsigned long long size,
		      unsigned long long *range)
{
	return start <= range[0] && start + size >= range[0] + range[1];
}

bool reserved_turned(unsigned long long start, unsigned long long size)
{
	unsigned long long range[2] = { start, size };

	return any_memmap('%', has_in_it, range);
}

bool reserved_as(const char *name, unsigned long long start, unsigned long long size)
{
	unsigned long long from, to;
	bool found = false;
	char line[256];
	FILE *iomem = fopen("/proc/iomem", "re");

	while (iomem && !found && fgets(line, sizeof(line), iomem))
		found = sscanf(line, "%llx-%llx :", &from, &to) == 2 && strstr(line, name) &&
			from <= start && to >= start + size - 1;
	if (iomem)
		fclose(iomem);
	return found;
}
