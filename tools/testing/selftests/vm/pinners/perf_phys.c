// SPDX-License-Identifier: GPL-2.0
/*
 * A performance event that samples a breakpoint tells the physical address of the memory that was
 * accessed (PERF_SAMPLE_PHYS_ADDR). It cannot sleep, so it uses GUP-fast alone,
 * get_user_page_fast_only(), and tells 0 when that takes nothing.
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

#include "pinner.h"

#define RING (2 * PAGE)		/* the ring's header, and the samples */
#define FEW_PAGES 8
#define PFN_MASK ((1ULL << 55) - 1)	/* Documentation/admin-guide/mm/pagemap.rst */

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

/* Makes the kernel read a byte at @page; the event sees that. 0 or -errno. */
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

/* Reads the last sample; all have one size. False when there is no new one. */
static bool last_sample(struct sample *sample)
{
	uint64_t end = __atomic_load_n(&ring->data_head, __ATOMIC_ACQUIRE);
	const char *samples = (char *)ring + PAGE;
	size_t i;

	if (end == ring->data_tail)
		return false;
	/* A sample that meets the ring's end continues at its beginning. */
	for (i = 0; i < sizeof(*sample); i++)
		((char *)sample)[i] = samples[(end - sizeof(*sample) + i) % PAGE];
	ring->data_tail = end;
	return sample->header.size == sizeof(*sample);
}

/* The physical address of @page by /proc/self/pagemap; 0 when it is hidden. */
static uint64_t physical_of(const void *page)
{
	uint64_t entry = 0;

	if (pread(pagemap, &entry, sizeof(entry), (uintptr_t)page / PAGE * sizeof(entry)) !=
	    sizeof(entry))
		return 0;
	return (entry & PFN_MASK) * PAGE;
}

static int ask(struct pinner *p, void *page)
{
	struct sample seen;
	int err = touch(p, page);

	if (err)
		return err;
	if (!last_sample(&seen) || seen.address != (uintptr_t)page) {
		pinner_complain(p, "no sample, or of another page, though it was touched");
		return -EPROTO;
	}
	if (!seen.physical)
		return -EFAULT;
	if (seen.physical != physical_of(page))
		pinner_complain(p,
				"the page is at %#llx, says the event, and at %#llx, says pagemap",
				(unsigned long long)seen.physical,
				(unsigned long long)physical_of(page));
	return 0;
}

static ssize_t take_perf_phys(struct pinner *p, const struct iovec *iov, int n)
{
	return pinner_each_page(p, iov, n, ask);
}

static void perf_phys_close(struct pinner *p __maybe_unused)
{
	if (ring != MAP_FAILED)
		munmap(ring, RING);
	if (pagemap >= 0)
		close(pagemap);
	close(event);
}

/*
 * Some hypervisors give their guests no debug registers: the kernel sets a breakpoint that never
 * hits.
 */
static bool breakpoint_hits(struct pinner *p)
{
	struct sample seen;

	return !touch(p, p) && last_sample(&seen);
}

static int perf_phys_open(struct pinner *p)
{
	struct perf_event_attr nowhere = breakpoint_at(p);

	event = syscall(SYS_perf_event_open, &nowhere, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (event < 0)
		return pinner_skip(p, "no breakpoint to sample: %s (run as root; CONFIG_PERF_EVENTS)",
				   strerror(errno));
	ring = mmap(NULL, RING, PROT_READ | PROT_WRITE, MAP_SHARED, event, 0);
	pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (ring == MAP_FAILED || pagemap < 0)
		pinner_skip(p, "no samples, or no /proc/self/pagemap: %s", strerror(errno));
	else if (!breakpoint_hits(p))
		pinner_skip(p, "breakpoints do not hit on this machine: its hypervisor has no debug registers");
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
	.align = PAGE,
	.max_pages = FEW_PAGES,
	.open = perf_phys_open,
	.close = perf_phys_close,
	.take = take_perf_phys,
};
