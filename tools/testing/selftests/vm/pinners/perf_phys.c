// SPDX-License-Identifier: GPL-2.0
/*
 * A perf event that samples a breakpoint reports the physical address of the accessed memory
 * (PERF_SAMPLE_PHYS_ADDR). The sample cannot sleep, so it uses get_user_page_fast_only() and
 * reports address 0 for a page that GUP-fast does not take.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../lib/pagemap.h"
#include "pinner.h"

#define RING_BYTES (2 * PAGE)	/* the header page, and a page of samples */
#define MAX_PAGES 8

struct sample {
	struct perf_event_header header;
	uint64_t address;
	uint64_t physical;
};

static int event, pagemap;
static struct perf_event_mmap_page *ring;

static struct perf_event_attr breakpoint_at(const void *address)
{
	return (struct perf_event_attr){
		.type = PERF_TYPE_BREAKPOINT,
		.size = sizeof(struct perf_event_attr),
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_ADDR | PERF_SAMPLE_PHYS_ADDR,
		.disabled = 1,
		.bp_type = HW_BREAKPOINT_RW,
		.bp_addr = (uintptr_t)address,
		.bp_len = HW_BREAKPOINT_LEN_1,
	};
}

/* Makes the kernel read a byte at @page, which triggers the event. 0 or -errno. */
static int touch(struct pinner *p, void *page)
{
	struct perf_event_attr here = breakpoint_at(page);
	int err = 0;

	if (ioctl(event, PERF_EVENT_IOC_MODIFY_ATTRIBUTES, &here) ||
	    ioctl(event, PERF_EVENT_IOC_ENABLE, 0))
		return -EPROTO;
	if (pwrite(p->scratch->out, page, 1, p->scratch->out_start) != 1)
		err = -errno;
	return ioctl(event, PERF_EVENT_IOC_DISABLE, 0) ? -EPROTO : err;
}

/* Reads the newest sample; all have the same size. False when there is no new sample. */
static bool last_sample(struct sample *sample)
{
	uint64_t end = __atomic_load_n(&ring->data_head, __ATOMIC_ACQUIRE);
	const char *samples = (char *)ring + PAGE;
	size_t i;

	if (end == ring->data_tail)
		return false;
	/* A sample may wrap around at the end of the ring. */
	for (i = 0; i < sizeof(*sample); i++)
		((char *)sample)[i] = samples[(end - sizeof(*sample) + i) % PAGE];
	ring->data_tail = end;
	return sample->header.size == sizeof(*sample);
}

/* The physical address of @page in /proc/self/pagemap; 0 on failure. */
static uint64_t physical_of(const void *page)
{
	const off_t at = (uintptr_t)page / PAGE * sizeof(uint64_t);
	uint64_t entry = 0;

	if (pread(pagemap, &entry, sizeof(entry), at) != sizeof(entry))
		return 0;
	return (entry & PAGEMAP_FRAME) * PAGE;
}

static int sample_page(struct pinner *p, void *page)
{
	struct sample seen;
	int err = touch(p, page);

	if (err)
		return err;
	if (!last_sample(&seen) || seen.address != (uintptr_t)page) {
		pinner_complain(p, "an access to the page made no sample of it");
		return -EPROTO;
	}
	if (!seen.physical)
		return -EFAULT;
	if (seen.physical != physical_of(page))
		pinner_complain(p, "physical address %#llx in the sample, %#llx in pagemap",
				(unsigned long long)seen.physical,
				(unsigned long long)physical_of(page));
	return 0;
}

static ssize_t take_perf_phys(struct pinner *p, const struct iovec *iov, int n)
{
	return pinner_each_page(p, iov, n, sample_page);
}

static void perf_phys_close(struct pinner *p __maybe_unused)
{
	if (ring != MAP_FAILED)
		munmap(ring, RING_BYTES);
	if (pagemap >= 0)
		close(pagemap);
	close(event);
}

/*
 * Without debug registers in a guest the kernel sets a breakpoint, but the breakpoint never hits.
 */
static bool breakpoint_hits(struct pinner *p)
{
	struct sample seen;

	return !touch(p, p) && last_sample(&seen);
}

static int perf_phys_open(struct pinner *p)
{
	struct perf_event_attr attr = breakpoint_at(p);

	event = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (event < 0)
		return pinner_skip(p, "no breakpoint event: %s (run as root; CONFIG_PERF_EVENTS)",
				   strerror(errno));
	ring = mmap(NULL, RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, event, 0);
	pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (ring == MAP_FAILED || pagemap < 0)
		pinner_skip(p, "no sample buffer or no /proc/self/pagemap: %s", strerror(errno));
	else if (!breakpoint_hits(p))
		pinner_skip(p, "breakpoints do not hit: the hypervisor has no debug registers");
	else
		return 0;
	perf_phys_close(p);
	return -1;
}

static const struct outcome not_found = {
	.err = EFAULT, .step = PTE,
	.reason = "GUP-fast does not take the PTE, and no slow walk follows",
	.function = "get_user_page_fast_only(), mm/gup.c",
};

/* The PTE of the zero page is special. */
static struct outcome get_user_page_fast_only(const struct call *c, unsigned int i)
{
	static const struct outcome found = { .reason = "GUP-fast takes the PTE" };
	struct user_page page = call_page(c, i);

	if (!page.cpu_reaches || page.pte == PTE_ZERO_PAGE)
		return not_found;
	return gup_fast_pte_range(&page, c->flags) ? found : not_found;
}

static struct verdict perf_virt_to_phys(const struct call *c)
{
	return verdict_errno(short_count_of(c, get_user_page_fast_only), EFAULT);
}

const struct pinner_ops pinner_perf_phys = {
	.name = "perf_phys",
	.rule = perf_virt_to_phys,
	.caller = "perf_virt_to_phys(), kernel/events/core.c",
	.flags = GUP_FAST | FOLL_GET,
	.no_faults = true,
	.scratch = SCRATCH_MEMORY,
	.max_pages = MAX_PAGES,
	.open = perf_phys_open,
	.close = perf_phys_close,
	.take = take_perf_phys,
};
