// SPDX-License-Identifier: GPL-2.0
/* The atlas as a text: a line for each row. */
#include <stdio.h>
#include <string.h>

#include "rows.h"

/* The result alone, when it is that of all layouts. */
static const char *in_short(const char *text)
{
	size_t name = strcspn(text, "="), len;
	const char *at, *result;

	for (at = text; *at; at = word_after(at)) {
		result = at + strcspn(at, "=");
		len = word_len(result);
		if (len != word_len(text + name) || strncmp(result, text + name, len))
			return text;
	}
	return strrchr(text, '=') ? strrchr(text, '=') + 1 : text;
}

/* By what @row turned on run @i: entries, or the mapping is another than on the run @before. */
static void print_turned(const struct row *row, size_t before, size_t i)
{
	size_t m = text_index(&mappings_read, row->mapping), e;
	const struct kernel_entry *entry;

	for (e = NO_CHANGE + 1; e < NR_KERNEL_ENTRIES; e++) {
		entry = &kernel_entries[e];
		if (row->runs[i].turned >> e & 1)
			printf(" (%s%s%s)", entry->name, entry->commit[0] ? " " : "",
			       entry->commit);
	}
	if (facts_of[before][m] && facts_of[before][m] != facts_of[i][m])
		printf(" (the mapping is another: %s)", facts.all[facts_of[i][m] - 1]);
}

/* "PINNER MAPPING HOW: KERNEL RESULTS; KERNEL (ENTRY COMMIT) RESULTS": where they turn. */
static void print_row(const struct row *row)
{
	const char *shown = NULL, *text;
	size_t i, before = 0;

	printf("%s %s %s:", row->pinner->name, row->mapping, row->how);
	for (i = 0; i < nr_runs; i++) {
		text = row->runs[i].there ? in_short(results.all[row->runs[i].result]) : NULL;
		if (!text)
			continue;
		if (!shown || strcmp(shown, text)) {
			printf("%s %s", shown ? ";" : "", runs[i].name);
			if (shown)
				print_turned(row, before, i);
			printf(" %s", text);
		}
		shown = text;
		before = i;
	}
	printf("\n");
}

void print_text(void)
{
	rows_walk(print_row);
}
