// SPDX-License-Identifier: GPL-2.0
/* ZONE_MOVABLE; see zone.h. */
#include <stdio.h>
#include <string.h>

#include "zone.h"

struct range {
	unsigned long long start, pages;
};

/* Reads on to the next ZONE_MOVABLE of a node that has pages. */
static bool next_movable(FILE *zoneinfo, struct range *r)
{
	char line[256], name[32];
	bool movable = false;

	r->pages = 0;
	while (fgets(line, sizeof(line), zoneinfo)) {
		if (sscanf(line, "Node %*u, zone %31s", name) == 1)
			movable = !strcmp(name, "Movable");
		else if (movable && sscanf(line, " spanned %llu", &r->pages) == 1)
			continue;
		else if (movable && sscanf(line, " start_pfn: %llu", &r->start) == 1 && r->pages)
			return true;
	}
	return false;
}

static bool is_in(FILE *zoneinfo, unsigned long long frame)
{
	struct range r;

	while (next_movable(zoneinfo, &r))
		if (frame >= r.start && frame - r.start < r.pages)
			return true;
	return false;
}

bool zone_is_movable(unsigned long long frame)
{
	FILE *zoneinfo = fopen("/proc/zoneinfo", "re");
	bool found = zoneinfo && frame && is_in(zoneinfo, frame);

	if (zoneinfo)
		fclose(zoneinfo);
	return found;
}

bool zone_has_movable(void)
{
	FILE *zoneinfo = fopen("/proc/zoneinfo", "re");
	struct range r;
	bool has = zoneinfo && next_movable(zoneinfo, &r);

	if (zoneinfo)
		fclose(zoneinfo);
	return has;
}
