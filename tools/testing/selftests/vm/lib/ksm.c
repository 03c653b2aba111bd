// SPDX-License-Identifier: GPL-2.0
/* KSM, told to merge at once; see ksm.h. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attribute.h"
#include "compiler.h"
#include "ksm.h"
#include "survivor.h"

#define RUN "/sys/kernel/mm/ksm/run"

static struct {
	const char *path;
	const char *value;
	char before[32];
} knobs[] = {
	{ "/sys/kernel/mm/ksm/sleep_millisecs", "0", "" },
	{ "/sys/kernel/mm/ksm/pages_to_scan", "1000", "" },
	/* It passes by what was at an address for some time, also when that is other memory now. */
	{ "/sys/kernel/mm/ksm/smart_scan", "0", "" },
	{ RUN, "1", "" },
};

static int life = -1;
static int lock = -1;	/* who else wants KSM waits, for the keeper, too */
static pid_t keeper;
static bool was_off;	/* and nothing was merged */

static void restore(void)
{
	size_t i;

	/* What belongs to others, and was merged meanwhile, is taken apart again. */
	if (was_off)
		attribute_write(RUN, "2");
	for (i = 0; i < ARRAY_SIZE(knobs); i++)
		if (knobs[i].before[0])
			attribute_write(knobs[i].path, knobs[i].before);
}

static void learn(void)
{
	char sharing[32] = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(knobs); i++)
		attribute_line(knobs[i].path, knobs[i].before, sizeof(knobs[i].before));
	attribute_line("/sys/kernel/mm/ksm/pages_sharing", sharing, sizeof(sharing));
	was_off = knobs[i - 1].before[0] == '0' && sharing[0] == '0';
}

const char *ksm_begin(void)
{
	size_t i;

	if (access(RUN, F_OK))
		return "no KSM: CONFIG_KSM";
	lock = open(RUN, O_RDWR | O_CLOEXEC);
	if (lock < 0 || flock(lock, LOCK_EX))
		return "only root can start KSM: run as root";
	learn();
	keeper = survivor_fork(restore, &life);
	if (keeper < 0)
		return "no process that could restore what KSM was told";
	for (i = 0; i < ARRAY_SIZE(knobs); i++)
		attribute_write(knobs[i].path, knobs[i].value);
	return NULL;
}

void ksm_end(void)
{
	if (life < 0)
		return;
	close(life);
	life = -1;
	if (keeper > 0)
		waitpid(keeper, NULL, 0);
	close(lock);
}
