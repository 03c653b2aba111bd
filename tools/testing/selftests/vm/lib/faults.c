// SPDX-License-Identifier: GPL-2.0
/* Memory whose pages come when they are asked for; see faults.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "faults.h"
#include "pattern.h"
#include "uffd.h"

static void serve(struct faults *f, const struct uffd_msg *msg)
{
	char page[MAX_PAGE];
	const uintptr_t base = (uintptr_t)f->base;
	size_t i = (msg->arg.pagefault.address - base) / PAGE;
	struct uffdio_copy copy = {
		.dst = base + i * PAGE,
		.src = (uintptr_t)page,
		.len = PAGE,
	};

	/* Before it comes: whoever waits for it goes on at once. */
	f->served++;
	if (f->may_come && !f->may_come(f))
		return;
	pattern_fill(page, PATTERN_ID(f->salt, i), 0, PAGE);
	/* Without memory for it the access is tried again, and asks again. */
	if (ioctl(f->uffd, UFFDIO_COPY, &copy))
		ioctl(f->uffd, UFFDIO_WAKE, &(struct uffdio_range){ copy.dst, copy.len });
}

static void *serve_faults(void *arg)
{
	struct faults *f = arg;
	struct pollfd fds[] = { { f->uffd, POLLIN, 0 }, { f->stop, POLLIN, 0 } };
	struct uffd_msg msg;

	while ((poll(fds, 2, -1) > 0 || errno == EINTR) && !fds[1].revents)
		if (read(f->uffd, &msg, sizeof(msg)) == sizeof(msg) &&
		    msg.event == UFFD_EVENT_PAGEFAULT)
			serve(f, &msg);
	return NULL;
}

/* Also for faults of the kernel: not UFFD_USER_MODE_ONLY. */
static const char *register_memory(struct faults *f)
{
	f->uffd = uffd_open(0);
	if (f->uffd < 0) {
		snprintf(f->why, sizeof(f->why), "userfaultfd: %s (%s)", strerror(-f->uffd),
			 uffd_advice(f->uffd));
		return f->why;
	}
	if (uffd_register(f->uffd, f->base, f->pages * PAGE))
		return NULL;
	snprintf(f->why, sizeof(f->why), "UFFDIO_REGISTER: %s", strerror(errno));
	return f->why;
}

static void close_all(struct faults *f)
{
	if (f->uffd >= 0)
		close(f->uffd);
	if (f->stop >= 0)
		close(f->stop);
	munmap(f->base, f->pages * PAGE);
}

const char *faults_open(struct faults *f, size_t pages, unsigned int salt)
{
	const char *why;

	f->pages = pages;
	f->salt = salt;
	f->served = 0;
	f->uffd = f->stop = -1;
	f->base = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);
	if (f->base == MAP_FAILED)
		return strerror(errno);
	why = register_memory(f);
	if (!why) {
		f->stop = eventfd(0, EFD_CLOEXEC);
		if (f->stop < 0 || pthread_create(&f->server, NULL, serve_faults, f))
			why = "no thread, or no eventfd";
	}
	if (why)
		close_all(f);
	return why;
}

void faults_close(struct faults *f)
{
	eventfd_write(f->stop, 1);
	pthread_join(f->server, NULL);
	close_all(f);
}

int faults_renew(struct faults *f)
{
	if (madvise(f->base, f->pages * PAGE, MADV_DONTNEED))
		return -errno;
	(void)*(volatile char *)(f->base + PAGE);
	return 0;
}
