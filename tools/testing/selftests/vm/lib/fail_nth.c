// SPDX-License-Identifier: GPL-2.0
/* Makes an allocation fail at a chosen moment; see fail_nth.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute.h"
#include "compiler.h"
#include "fail_nth.h"

#define DEBUGFS "/sys/kernel/debug/"
#define FAIL_NTH "/proc/thread-self/fail-nth"

/* Without a probability these settings affect only users of fail-nth. */
static struct knob {
	const char *path, *value;
	char was[16];
} knobs[] = {
	{ DEBUGFS "failslab/ignore-gfp-wait", "N", "" },
	{ DEBUGFS "failslab/verbose", "0", "" },
	{ DEBUGFS "fail_page_alloc/ignore-gfp-wait", "N", "" },
	{ DEBUGFS "fail_page_alloc/ignore-gfp-highmem", "N", "" },
	{ DEBUGFS "fail_page_alloc/min-order", "0", "" },
	{ DEBUGFS "fail_page_alloc/verbose", "0", "" },
};

static int fail_nth = -1;

int fail_nth_begin(char *why, size_t size)
{
	size_t i;

	fail_nth = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
	if (fail_nth < 0) {
		snprintf(why, size, errno == ENOENT ?
			 "no " FAIL_NTH ": CONFIG_FAULT_INJECTION" : FAIL_NTH ": run as root");
		return -1;
	}
	for (i = 0; i < ARRAY_SIZE(knobs); i++) {
		if (!attribute_read(knobs[i].path, knobs[i].was, sizeof(knobs[i].was)) ||
		    !attribute_write(knobs[i].path, knobs[i].value)) {
			snprintf(why, size, "%s: %s (CONFIG_FAILSLAB, CONFIG_FAIL_PAGE_ALLOC, CONFIG_FAULT_INJECTION_DEBUG_FS)",
				 knobs[i].path, strerror(errno));
			fail_nth_end();
			return -1;
		}
	}
	return 0;
}

void fail_nth_end(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(knobs); i++)
		if (knobs[i].was[0])
			attribute_write(knobs[i].path, knobs[i].was);
	close(fail_nth);
}

void fail_nth_arm(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fail_nth, text, len, 0) != len)
		abort();
}

/* The rest of the count; 0 once an allocation has failed. */
bool fail_nth_disarm(void)
{
	char text[16] = "";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) <= 0 || pwrite(fail_nth, "0", 1, 0) != 1)
		abort();
	return !atoi(text);
}
