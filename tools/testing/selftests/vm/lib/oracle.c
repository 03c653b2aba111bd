// SPDX-License-Identifier: GPL-2.0
/* Witnesses that do not trust what a pinner returns; see oracle.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute.h"
#include "compiler.h"
#include "oracle.h"
#include "pagemap.h"
#include "patience.h"
#include "pattern.h"
#include "turn.h"

#define READINGS 16

/*
 * TAINT_OOT_MODULE, TAINT_UNSIGNED_MODULE, TAINT_TEST: a test that is the first one to need
 * pfnmap_test.ko loads it behind its oracle.
 */
#define TAINTS_OF_A_MODULE (1 << 12 | 1 << 13 | 1 << 18)

static long long number_in(const char *path)
{
	char text[64];

	return attribute_read(path, text, sizeof(text)) ? atoll(text) : -1;
}

/* The number after @key in a text of "key number" lines, or -1. */
static long long number_after(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	return at ? atoll(at + strlen(key)) : -1;
}

void oracle_charges(struct charges *c)
{
	char text[4096];

	c->vm_pin = c->vm_lck = -1;
	if (!attribute_read("/proc/self/status", text, sizeof(text)))
		return;
	c->vm_pin = number_after(text, "VmPin:") * 1024 / (long)PAGE;
	c->vm_lck = number_after(text, "VmLck:") * 1024 / (long)PAGE;
}

struct foll_pin {
	long long acquired, released;
};

bool oracle_fold_counters(void)
{
	return attribute_write("/proc/sys/vm/stat_refresh", "1");
}

static bool read_foll_pin(struct foll_pin *now)
{
	char text[16384];

	if (!oracle_fold_counters() || !attribute_read("/proc/vmstat", text, sizeof(text)))
		return false;
	now->acquired = number_after(text, "nr_foll_pin_acquired ");
	now->released = number_after(text, "nr_foll_pin_released ");
	return now->acquired >= 0 && now->released >= 0;
}

/*
 * Pins held now. While others pin and unpin, the two counters are not of one moment, and a number
 * that is too low would hide a leak. A number that two readings agree on is true; without one the
 * highest is taken.
 */
static bool count_pins(long long *pins)
{
	struct foll_pin last = { -1, -1 }, now;
	int i;

	*pins = 0;
	for (i = 0; i < READINGS; i++) {
		if (!read_foll_pin(&now))
			return false;
		if (i == 0 || now.acquired - now.released > *pins)
			*pins = now.acquired - now.released;
		if (now.acquired == last.acquired && now.released == last.released) {
			*pins = now.acquired - now.released;
			break;
		}
		last = now;
	}
	return true;
}

static long long read_warnings(void)
{
	long long warned = number_in("/sys/kernel/warn_count");
	long long oopsed = number_in("/sys/kernel/oops_count");

	return warned < 0 ? -1 : warned + oopsed;
}

bool oracle_is_present(const void *addr)
{
	return pagemap_entry(addr, PAGEMAP_PRESENT) & PAGEMAP_PRESENT;
}

unsigned long long oracle_frame(const void *addr)
{
	return pagemap_entry(addr, 0) & PAGEMAP_FRAME;
}

static void take_snapshot(struct oracle *o)
{
	oracle_charges(&o->charges);
	o->has_foll_pin = count_pins(&o->foll_pin);
	o->warnings = read_warnings();
	o->taint = number_in("/proc/sys/kernel/tainted");
	o->kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (o->kmsg >= 0)
		lseek(o->kmsg, 0, SEEK_END);
}

void oracle_begin_where(struct oracle *o, bool leaks)
{
	if (leaks)
		turn_alone();
	else
		turn_share();
	o->expects_leak = leaks;
	take_snapshot(o);
}

void oracle_begin(struct oracle *o)
{
	oracle_begin_where(o, false);
}

void oracle_end(struct oracle *o)
{
	if (o->kmsg >= 0)
		close(o->kmsg);
	o->kmsg = -1;
}

static bool speak(char *what, size_t size, const char *fmt, ...) __printf(3, 4);

static bool speak(char *what, size_t size, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, size, fmt, args);
	va_end(args);
	return false;
}

static bool pins_equal(const struct oracle *o, char *what, size_t size)
{
	struct charges charges;
	struct foll_pin now;

	oracle_charges(&charges);
	if (charges.vm_pin != o->charges.vm_pin)
		return speak(what, size, "VmPin went from %ld to %ld pages", o->charges.vm_pin,
			     charges.vm_pin);
	if (charges.vm_lck != o->charges.vm_lck)
		return speak(what, size, "VmLck went from %ld to %ld pages", o->charges.vm_lck,
			     charges.vm_lck);
	/* Other processes may have released pins since: fewer pins are not a leak here. */
	if (o->has_foll_pin && read_foll_pin(&now) && now.acquired - now.released > o->foll_pin)
		return speak(what, size, "foll_pin: %lld pages are pinned that were not before",
			     now.acquired - now.released - o->foll_pin);
	return true;
}

bool oracle_kernel_quiet(const struct oracle *o, char *what, size_t size)
{
	static const char *const alarms[] = { "WARNING:", "BUG:", "Oops", "general protection" };
	long long now = read_warnings();
	char line[8192], *text;
	ssize_t len;
	size_t i;

	/*
	 * Each read gives one record. EPIPE: old records were overwritten, and the next read goes
	 * on.
	 */
	while (o->kmsg >= 0 &&
	       ((len = read(o->kmsg, line, sizeof(line) - 1)) > 0 || errno == EPIPE)) {
		line[len > 0 ? len : 0] = '\0';
		text = strchr(line, ';');
		for (i = 0; text && i < ARRAY_SIZE(alarms); i++)
			if (strstr(text, alarms[i]))
				return speak(what, size, "kmsg: %.*s",
					     (int)strcspn(text + 1, "\n"), text + 1);
	}
	if (now > o->warnings && o->warnings >= 0)
		return speak(what, size, "the kernel warned (warn_count, oops_count)");
	now = number_in("/proc/sys/kernel/tainted");
	if (o->taint >= 0 && now & ~(o->taint | TAINTS_OF_A_MODULE))
		return speak(what, size, "taint went from %lld to %lld", o->taint, now);
	return true;
}

bool oracle_pins_balanced(const struct oracle *o, char *what, size_t size)
{
	struct patience patience;

	if (o->expects_leak)
		patience_begin_short(&patience);
	else
		patience_begin(&patience);
	while (!pins_equal(o, what, size))
		if (!patience_wait(&patience))
			return false;
	return true;
}

bool oracle_balanced(const struct oracle *o, char *what, size_t size)
{
	return oracle_pins_balanced(o, what, size) && oracle_kernel_quiet(o, what, size);
}
