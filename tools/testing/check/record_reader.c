// SPDX-License-Identifier: GPL-2.0
/* Makes calls of the lines of contract/record.h; see record_reader.h. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "contract/defect.h"
#include "contract/record.h"
#include "pinners/pinner.h"
#include "record_reader.h"

#define MAX_MAPPINGS 64
#define SMALLEST_PAGE 4096	/* of any record; MAX_PAGE is this machine's */
#define LARGEST_PAGE 16384

static const struct pinner_ops *const pinners[] = {
#define PINNER(name) &pinner_##name,
	PINNERS(PINNER)
#undef PINNER
};

static struct recorded_mapping {
	char name[32];
	char facts[512];
	size_t granule;
	struct mapping_props props;
} recorded[MAX_MAPPINGS];

static bool known;	/* the kernel */
static void (*taker)(const struct recorded_result *r);

static struct recorded_mapping *mapping_named(const char *name)
{
	struct recorded_mapping *m = recorded;

	while (m < recorded + MAX_MAPPINGS - 1 && m->name[0] && strcmp(m->name, name))
		m++;
	return m;
}

static const struct pinner_ops *pinner_named(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pinners); i++)
		if (!strcmp(pinners[i]->name, name))
			return pinners[i];
	return NULL;
}

/* Does the name of a mode or a direction, with "_" for spaces, stand for @name? */
static bool is_named(const char *how, const char *name)
{
	for (; *how && *name; how++, name++)
		if (*how != *name && !(*how == '_' && *name == ' '))
			return false;
	return !*how && !*name;
}

static bool set_mode(struct pinner *p, const char *how, enum direction *dir)
{
	*dir = is_named(how, "read") ? FROM_FILE : TO_FILE;
	p->mode = p->ops->io ? NULL : p->ops->modes;
	if (!p->mode)
		return is_named(how, "read") || is_named(how, "write") || is_named(how, "-");
	while (p->mode->name && !is_named(how, p->mode->name))
		p->mode++;
	return p->mode->name;
}

/* One result, "LAYOUT=RESULT". */
static bool read_result(const struct pinner *p, enum direction dir,
			const struct recorded_mapping *m, const char *how, char *text)
{
	static char room[3 * LAYOUT_PAGES * LARGEST_PAGE];
	static struct buffer b;
	char *result = strchr(text, '=');
	const struct layout *layout;
	struct recorded_result r = { .mapping = m->name, .facts = m->facts, .how = how };

	if (!result)
		return false;
	*result++ = '\0';
	layout = layout_named(text);
	if (!layout || !pinner_fit(p->ops, &b, layout, room + LAYOUT_PAGES * PAGE, m->granule))
		return false;
	r.got = record_read_result(result);
	if (r.got == RECORD_UNREADABLE)
		return false;
	r.call = pinner_contract(p, dir, &m->props, &b);
	taker(&r);
	return true;
}

/* "MAPPING PINNER HOW LAYOUT=RESULT ..." */
static bool read_results(char *text)
{
	const char *mapping = strtok(text, " ");
	const char *pinner = strtok(NULL, " ");
	const char *how = strtok(NULL, " ");
	struct pinner p = { .ops = pinner ? pinner_named(pinner) : NULL };
	const struct recorded_mapping *m;
	enum direction dir;
	char *result;

	if (!known || !p.ops || !how || !set_mode(&p, how, &dir))
		return false;
	m = mapping_named(mapping);
	p.backwards = defect_find_flaw(p.ops, PINS_BACKWARDS);
	while ((result = strtok(NULL, " ")))
		if (!m->name[0] || !read_result(&p, dir, m, how, result))
			return false;
	return true;
}

static bool read_mapping(char *text)
{
	char *facts = strchr(text, ' ');
	struct recorded_mapping *m;

	if (!facts)
		return false;
	*facts++ = '\0';
	m = mapping_named(text);
	snprintf(m->name, sizeof(m->name), "%s", text);
	snprintf(m->facts, sizeof(m->facts), "%s", facts);
	return record_read_mapping(facts, &m->granule, &m->props);
}

static bool read_kernel(char *text)
{
	return known = kernel_pretend(text);
}

static bool read_page(char *text)
{
	size_t size = strtoul(text, NULL, 10);

	if (size != SMALLEST_PAGE && size != LARGEST_PAGE)
		return false;
	page_size = size;
	return true;
}

static bool read_line(char *line)
{
	static const struct {
		const char *begin;
		bool (*read)(char *text);
	} kinds[] = {
		{ "# kernel ", read_kernel },
		{ "# mapping ", read_mapping },
		{ "# page ", read_page },
		{ "# result ", read_results },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strncmp(line, kinds[i].begin, strlen(kinds[i].begin)))
			return kinds[i].read(line + strlen(kinds[i].begin));
	return false;
}

unsigned int record_reader_read(FILE *f, void (*take)(const struct recorded_result *r))
{
	static char line[1 << 14];
	unsigned int number = 0, unread = 0;

	memset(recorded, 0, sizeof(recorded));
	known = false;
	taker = take;
	page_size = SMALLEST_PAGE;	/* older records do not say it */
	while (fgets(line, sizeof(line), f)) {
		number++;
		line[strcspn(line, "\n")] = '\0';
		if (read_line(line))
			continue;
		fprintf(stderr, "# WRONG line %u cannot be read\n", number);
		unread++;
	}
	return unread;
}

void record_reader_mappings(void (*take)(const char *name, const struct mapping_props *m))
{
	const struct recorded_mapping *m;

	for (m = recorded; m < recorded + MAX_MAPPINGS && m->name[0]; m++)
		take(m->name, &m->props);
}
