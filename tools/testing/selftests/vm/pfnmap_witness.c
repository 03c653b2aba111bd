// SPDX-License-Identifier: GPL-2.0
/*
 * The host's side of lib/witness.c: compares the files behind a guest's ivshmem devices with what
 * the tests in it say that they left there. Every other byte must be zero.
 *
 * usage: pfnmap_witness BDF=FILE... < what the guest printed
 * Prints results in the form of the kselftest runner.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include "lib/pattern.h"
#include "lib/witness.h"

#define MAX_DEVICES 8

struct device {
	const char *file;
	char bdf[32];
	char *bytes;
	size_t size;
	pattern_id *left;	/* by page */
};

static struct device devices[MAX_DEVICES];
static int nr_devices;

static bool open_device(struct device *d, const char *arg)
{
	const char *equals = strchr(arg, '=');
	struct stat st;
	int fd;

	if (!equals || (size_t)(equals - arg) >= sizeof(d->bdf))
		return false;
	memcpy(d->bdf, arg, equals - arg);
	d->file = equals + 1;
	fd = open(d->file, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		return false;
	d->size = st.st_size;
	d->bytes = mmap(NULL, st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	d->left = calloc(d->size / PAGE, sizeof(*d->left));
	return d->bytes != MAP_FAILED && d->left;
}

static void note_claim(struct device *d, unsigned int page, pattern_id id, size_t guest_page)
{
	/* The guest's pages may be larger than ours; of fewer there is room for all. */
	if (guest_page != 4096 && guest_page != 16384)
		return;
	page_size = guest_page;
	if (page < d->size / PAGE)
		d->left[page] = id;
}

/* The runner may have put "# " before the line. */
static void read_claims(FILE *said)
{
	unsigned long long id;
	unsigned int page;
	char line[512], bdf[32], *left;
	size_t guest_page;
	int i;

	while (fgets(line, sizeof(line), said)) {
		left = strstr(line, " left ");
		if (line[0] != '#' || !left ||
		    sscanf(left, WITNESS_READS, bdf, &page, &id, &guest_page) != 4)
			continue;
		for (i = 0; i < nr_devices; i++)
			if (!strcmp(devices[i].bdf, bdf))
				note_claim(&devices[i], page, id, guest_page);
	}
}

static bool holds_what_was_left(const struct device *d)
{
	char what[128];
	size_t i;

	for (i = 0; i < d->size / PAGE; i++) {
		if (pattern_holds(d->bytes + i * PAGE, d->left[i], 0, PAGE))
			continue;
		pattern_explain(d->bytes + i * PAGE, d->left[i], 0, PAGE, what, sizeof(what));
		printf("# # FAILED %s page %zu: %s\n", d->bdf, i, what);
		return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	bool all = true, ok;
	int i;

	for (i = 1; i < argc && nr_devices < MAX_DEVICES; i++) {
		if (!open_device(&devices[nr_devices++], argv[i])) {
			fprintf(stderr, "%s: %s: want BDF=FILE, a file that can be read\n", argv[0],
				argv[i]);
			return 2;
		}
	}
	read_claims(stdin);
	printf("# selftests: vm: pfnmap_witness\n# 1..%d\n", nr_devices);
	for (i = 0; i < nr_devices; i++) {
		ok = holds_what_was_left(&devices[i]);
		all &= ok;
		printf("# %sok %d witness.device_%d_holds_what_was_left\n", ok ? "" : "not ", i + 1,
		       i);
	}
	printf("%sok 1 selftests: vm: pfnmap_witness\n", all ? "" : "not ");
	return 0;
}
