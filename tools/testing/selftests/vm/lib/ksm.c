// SPDX-License-Identifier: GPL-2.0
/* KSM, told to merge at once; see ksm.h. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attribute.h"
#include "compiler.h"
#include "ksm.h"

static struct {
	const char *path;
	const char *value;
	char before[32];
} knobs[] = {
	{ "/sys/kernel/mm/ksm/sleep_millisecs", "0", "" },
	{ "/sys/kernel/mm/ksm/pages_to_scan", "1000", "" },
	/* It passes by what was at an address for some time, also when that is other memory now. */
	{ "/sys/kernel/mm/ksm/smart_scan", "0", "" },
	{ "/sys/kernel/mm/ksm/run", "1", "" },
};

static int life = -1;	/* a pipe that ends with this process */
static pid_t keeper;

/* In a session of its own, so that Ctrl-C does not reach it. */
static void keep(int end)
{
	char byte;
	size_t i;

	setsid();
	while (read(end, &byte, 1) > 0)
		;
	for (i = 0; i < ARRAY_SIZE(knobs); i++)
		if (knobs[i].before[0])
			attribute_write(knobs[i].path, knobs[i].before);
	_exit(0);
}

static const char *fork_keeper(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return "no pipe";
	keeper = fork();
	if (!keeper) {
		close(ends[1]);
		keep(ends[0]);
	}
	close(ends[0]);
	life = ends[1];
	return keeper < 0 ? "no process" : NULL;
}

const char *ksm_begin(void)
{
	const char *why;
	size_t i;

	if (access(knobs[0].path, F_OK))
		return "no KSM: CONFIG_KSM";
	if (access(knobs[0].path, W_OK))
		return "only root can start KSM: run as root";
	for (i = 0; i < ARRAY_SIZE(knobs); i++)
		attribute_line(knobs[i].path, knobs[i].before, sizeof(knobs[i].before));
	why = fork_keeper();
	for (i = 0; !why && i < ARRAY_SIZE(knobs); i++)
		attribute_write(knobs[i].path, knobs[i].value);
	return why;
}

void ksm_end(void)
{
	if (life < 0)
		return;
	close(life);
	life = -1;
	if (keeper > 0)
		waitpid(keeper, NULL, 0);
}
