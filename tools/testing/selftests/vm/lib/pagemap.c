// SPDX-License-Identifier: GPL-2.0
/* /proc/PID/pagemap; see pagemap.h. */
#include <fcntl.h>
#include <unistd.h>

#include "pagemap.h"
#include "pattern.h"

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
