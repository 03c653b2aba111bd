// SPDX-License-Identifier: GPL-2.0
/*
 * Which memory may be given to which pinner, on which kernel, by what recorded runs know.
 *
 * usage: atlas json|text NAME FILE [NAME FILE]...	(unpacked records, the oldest kernel first)
 * Exit: 0 printed, 1 a record cannot be read, 2 wrong use.
 */
#include <stdio.h>
#include <string.h>

#include "mappings/mapping.h"
#include "rows.h"

int main(int argc, char **argv)
{
	bool text = argc > 1 && !strcmp(argv[1], "text");
	int i;

	if (argc < 4 || argc % 2 || (!text && strcmp(argv[1], "json"))) {
		fprintf(stderr, "usage: atlas json|text NAME FILE [NAME FILE]...\n");
		return 2;
	}
	for (i = 0; mappings[i]; i++)
		text_index(&mappings_read, mappings[i]->name);
	for (i = 2; i < argc; i += 2)
		if (!rows_add_run(argv[i], argv[i + 1]))
			return 1;
	if (text)
		print_text();
	else
		print_json();
	return 0;
}
