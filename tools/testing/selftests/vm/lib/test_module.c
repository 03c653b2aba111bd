// SPDX-License-Identifier: GPL-2.0
/* pfnmap_test.ko, loaded and unloaded; see test_module.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attribute.h"
#include "pci.h"
#include "reserved.h"
#include "survivor.h"
#include "test_module.h"

#define DEVICE "/dev/pfnmap_test"
#define NAME "pfnmap_test"
#define TRANSIENT "/sys/module/" NAME "/parameters/transient"

/* What the processes of this program know of the module, root's only. */
static struct {
	bool used;
	char reason[256];	/* why it cannot be loaded */
} *program;

static void beside_this_program(char *path, size_t size)
{
	char self[256];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[len > 0 ? len : 0] = '\0';
	snprintf(path, size, "%s/" NAME ".ko", dirname(self));
}

/* The memory outside System RAM that it may map. */
static void choose_params(char *params, size_t size)
{
	unsigned long long start, bytes;
	struct pci_device dev;
	struct mapping m = {};
	struct pci_bar bar;
	size_t len;

	len = snprintf(params, size, "transient=1");
	if (reserved_ram(&start, &bytes))
		len += snprintf(params + len, size - len, " ram=%#llx,%#llx", start, bytes);
	if (!pci_find(&m, "", &dev) && !pci_memory_bar(&m, &dev, &bar))
		snprintf(params + len, size - len, " bar=%#llx,%#llx", bar.start,
			 (unsigned long long)(bar.pages * PAGE));
}

static const char *explain_load(int err)
{
	switch (err) {
	case ENOSYS:
		return "the kernel loads no modules: CONFIG_MODULES";
	case EPERM:
		return "the kernel does not load it: sysctl kernel.modules_disabled, lockdown";
	case ENOEXEC:
		return "it is of another kernel: make KDIR=/lib/modules/$(uname -r)/build";
	case ENOKEY:
	case EKEYREJECTED:
		return "the kernel wants a signature: module.sig_enforce, CONFIG_MODULE_SIG_FORCE";
	default:
		return strerror(err);
	}
}

/* Leaves the reason in @program where it fails. */
static void load(void)
{
	char path[300], params[128];
	int fd, err = 0;

	beside_this_program(path, sizeof(path));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		snprintf(program->reason, sizeof(program->reason),
			 "it was not built: install the kernel's headers, or make KDIR=build/dir");
		return;
	}
	choose_params(params, sizeof(params));
	if (syscall(SYS_finit_module, fd, params, 0))
		err = errno;
	close(fd);
	if (err && err != EEXIST)
		snprintf(program->reason, sizeof(program->reason), "%s", explain_load(err));
}

/* False for a module that somebody loaded by hand. */
static bool is_transient(void)
{
	char answer[4];

	return attribute_line(TRANSIENT, answer, sizeof(answer)) && !strcmp(answer, "Y");
}

/*
 * The kernel refuses to unload while another program has the device open; that program unloads
 * later, and loads again where it needs the module once more.
 */
static void unload(void)
{
	if (program->used && is_transient())
		syscall(SYS_delete_module, NAME, O_NONBLOCK);
}

void test_module_prepare(void)
{
	char path[300];
	void *page;
	int life;	/* open as long as the program */

	if (geteuid())
		return;
	page = mmap(NULL, sizeof(*program), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		    0);
	if (page == MAP_FAILED)
		return;
	program = page;
	beside_this_program(path, sizeof(path));
	if (!access(path, F_OK))
		survivor_fork(unload, &life);
}

int test_module_open(char *why, size_t size)
{
	int fd;

	if (program && !program->reason[0] && access(DEVICE, F_OK))
		load();
	if (program)
		program->used = true;
	fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	if (errno == ENOENT && program)
		snprintf(why, size, "no " NAME ".ko: %s", program->reason);
	else if (errno == ENOENT || errno == EACCES || errno == EPERM)
		snprintf(why, size, "no " NAME ".ko: run as root");
	else
		snprintf(why, size, DEVICE ": %s", strerror(errno));
	return -1;
}
