// SPDX-License-Identifier: GPL-2.0
/* /proc/PID/pagemap; see pagemap.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pagemap.h"
#include "pattern.h"

#ifndef PAGEMAP_SCAN		/* headers before 6.7 */
#define PAGEMAP_SCAN _IOWR('f', 16, struct pm_scan_arg)
#define PAGE_IS_PRESENT (1 << 3)

struct page_region {
	uint64_t start, end, categories;
};

struct pm_scan_arg {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
	uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
#endif

uint64_t pagemap_entry(const volatile void *addr, uint64_t unknown)
{
	const off_t at = (uintptr_t)addr / PAGE * sizeof(uint64_t);
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry;

	if (pagemap < 0)
		return unknown;
	if (pread(pagemap, &entry, sizeof(entry), at) != sizeof(entry))
		entry = unknown;
	close(pagemap);
	return entry;
}

long pagemap_scan_present(const void *addr, size_t size)
{
	struct page_region region;	/* present pages side by side are one */
	struct pm_scan_arg arg = {
		.size = sizeof(arg),
		.start = (uintptr_t)addr,
		.end = (uintptr_t)addr + size,
		.vec = (uintptr_t)&region,
		.vec_len = 1,
		.category_mask = PAGE_IS_PRESENT,
		.return_mask = PAGE_IS_PRESENT,
	};
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	int found, err;

	if (pagemap < 0)
		return -errno;
	found = ioctl(pagemap, PAGEMAP_SCAN, &arg);
	err = errno;
	close(pagemap);
	if (found <= 0)
		return found ? -err : 0;
	return (region.end - region.start) / PAGE;
}
