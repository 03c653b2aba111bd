// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel keeps a bit in the memory of a traced program, which is set while an event is enabled
 * (kernel/trace/trace_events_user.c). To write the bit, the kernel pins the page with FOLL_NOFAULT.
 * When the pin fails, the kernel faults the page in and pins again, ten times at most.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/ioctl.h>
#include <linux/types.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../lib/compiler.h"
#include "../lib/detached.h"
#include "pinner.h"

/* <linux/user_events.h> has these structs and ioctls since 6.4. */
struct user_reg {
	__u32 size;
	__u8 enable_bit;
	__u8 enable_size;
	__u16 flags;
	__u64 enable_addr;
	__u64 name_args;
	__u32 write_index;
} __packed;

struct user_unreg {
	__u32 size;
	__u8 disable_bit;
	__u8 reserved[3];
	__u64 disable_addr;
} __packed;

#define DIAG_IOCSREG _IOWR('*', 0, struct user_reg *)
#define DIAG_IOCSUNREG _IOW('*', 2, struct user_unreg *)

static int root;		/* of tracefs */
static int data;		/* user_events_data, which registers events */
static char event[32];
static void *word;		/* has the bit */

/*
 * A kernel in lockdown makes no file in tracefs, and has no mount of its own. The last unmount then
 * frees the root, which simple_fill_super() has made, as the tracefs_inode that it is not
 * (tracefs_destroy_inode(), fs/tracefs/inode.c), and kills the kernel.
 */
static bool is_locked_down(void)
{
	char levels[128] = "";
	int security = detached_make("securityfs", NULL, 0), lockdown;

	if (security < 0)
		return false;
	lockdown = openat(security, "lockdown", O_RDONLY | O_CLOEXEC);
	if (lockdown >= 0) {
		if (read(lockdown, levels, sizeof(levels) - 1) < 0)
			levels[0] = '\0';
		close(lockdown);
	}
	close(security);
	return strstr(levels, "[confidentiality]");
}

static int user_events_open(struct pinner *p)
{
	int err;

	if (is_locked_down())
		return pinner_skip(p, "no tracefs: it is locked down (lockdown=confidentiality)");
	root = detached_make("tracefs", NULL, 0);
	if (root < 0)
		return pinner_skip(p, "no tracefs: %s (root, CONFIG_TRACING)", strerror(errno));
	data = openat(root, "user_events_data", O_RDWR | O_CLOEXEC);
	err = errno;
	snprintf(event, sizeof(event), "pfnmap_%d", getpid());
	if (data >= 0)
		return 0;
	close(root);
	return pinner_skip(p, "no user_events_data in tracefs: %s (CONFIG_USER_EVENTS, 6.4)",
			   strerror(err));
}

static void user_events_close(struct pinner *p __maybe_unused)
{
	close(data);
	close(root);
}

static ssize_t take_user_events(struct pinner *p __maybe_unused, const struct iovec *iov,
				int n __maybe_unused)
{
	struct user_reg reg = {
		.size = sizeof(reg),
		.enable_size = sizeof(uint64_t),
		.enable_addr = (uintptr_t)iov->iov_base,
		.name_args = (uintptr_t)event,
	};

	word = iov->iov_base;
	return ioctl(data, DIAG_IOCSREG, &reg) ? -errno : (ssize_t)iov->iov_len;
}

static int drop_user_events(struct pinner *p __maybe_unused)
{
	struct user_unreg unreg = { .size = sizeof(unreg), .disable_addr = (uintptr_t)word };

	return ioctl(data, DIAG_IOCSUNREG, &unreg) ? -errno : 0;
}

/* Enables or disables the event. 0, or -EBADMSG when the bit is not @want. */
static int set_event(int enable, const char *how, uint64_t want)
{
	if (write(enable, how, 1) != 1)
		return -errno;
	return (*(volatile uint64_t *)word & 1) == want ? 0 : -EBADMSG;
}

static int use_user_events(struct pinner *p __maybe_unused, const struct iovec *iov __maybe_unused)
{
	char path[96];
	int enable, err;

	snprintf(path, sizeof(path), "events/user_events/%s/enable", event);
	enable = openat(root, path, O_WRONLY | O_CLOEXEC);
	if (enable < 0)
		return -errno;
	err = set_event(enable, "1", 1);
	if (!err)
		err = set_event(enable, "0", 0);
	close(enable);
	return err;
}

/* The errno is lost when faulting in does not help. */
static struct verdict user_event_enabler_write(const struct call *c)
{
	return verdict_errno(page_by_page(c), ENOMEM);
}

const struct pinner_ops pinner_user_events = {
	.name = "user_events",
	.rule = user_event_enabler_write,
	.caller = "user_event_enabler_write(), kernel/trace/trace_events_user.c",
	.flags = FOLL_PIN | FOLL_WRITE,
	.scratch = SCRATCH_MEMORY,
	.max_pages = 1,
	.one_iovec = true,
	.open = user_events_open,
	.close = user_events_close,
	.take = take_user_events,
	.use = use_user_events,
	.drop = drop_user_events,
};
