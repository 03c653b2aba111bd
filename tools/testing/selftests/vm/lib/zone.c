// SPDX-License-Identifier: GPL-2.0
/* ZONE_MOVABLE; see zone.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "compiler.h"
#include "../contract/gup.h"
#include "zone.h"

/* One for each node that has such a zone. */
static struct range {
	unsigned long long start, pages;
} zones[64];
static size_t nr_zones;

static void read_zones(FILE *zoneinfo)
{
	char line[256], name[32];
	bool movable = false;
	struct range r = {};

	while (nr_zones < ARRAY_SIZE(zones) && fgets(line, sizeof(line), zoneinfo)) {
		if (sscanf(line, "Node %*u, zone %31s", name) == 1)
			movable = !strcmp(name, "Movable");
		else if (movable && sscanf(line, " spanned %llu", &r.pages) == 1)
			continue;
		else if (movable && sscanf(line, " start_pfn: %llu", &r.start) == 1 && r.pages)
			zones[nr_zones++] = r;
	}
}

bool zone_has_movable(void)
{
	static bool read;
	FILE *zoneinfo;

	if (!read) {
		read = true;
		zoneinfo = fopen("/proc/zoneinfo", "re");
		if (zoneinfo) {
			read_zones(zoneinfo);
			fclose(zoneinfo);
		}
	}
	return nr_zones;
}

bool zone_is_movable(unsigned long long frame)
{
	size_t i;

	zone_has_movable();
	for (i = 0; frame && i < nr_zones; i++)
		if (frame >= zones[i].start && frame - zones[i].start < zones[i].pages)
			return true;
	return false;
}

bool zone_matters(unsigned int flags)
{
	return flags & FOLL_LONGTERM && zone_has_movable();
}

bool zone_holds_back(unsigned int flags, ssize_t got)
{
	return got == -ENOMEM && zone_matters(flags);
}
