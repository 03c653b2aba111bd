// SPDX-License-Identifier: GPL-2.0
/*
 * What user space can see of a vma under test, apart from pins: the flags that its maker gives it,
 * what page walkers find there, and that it leaves nothing behind.
 */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "lib/suite.h"
#include "contract/defect.h"
#include "contract/vma.h"
#include "lib/attribute.h"
#include "lib/loopback.h"
#include "lib/memory.h"
#include "lib/pagemap.h"
#include "lib/patience.h"
#include "lib/uffd.h"

#define FEW 2	/* pages of a run that can be split */
#define MEMORY_TYPES "/sys/kernel/debug/x86/pat_memtype_list"
#define MEMORY_TYPES_SIZE (1 << 16)

FIXTURE(vma)
{
	struct memory memory;
	const char *why;
};

FIXTURE_VARIANT(vma)
{
	const struct mapping_ops *mapping;
};

#define MAPPING(name) FIXTURE_VARIANT_ADD(vma, name) { .mapping = &mapping_##name };
MAPPINGS(MAPPING)
#undef MAPPING

FIXTURE_SETUP(vma)
{
	self->why = memory_open(&self->memory, variant->mapping, FEW);
}

FIXTURE_TEARDOWN(vma)
{
	if (!self->why)
		memory_close(&self->memory);
}

TEST_F(vma, has_the_flags_that_its_maker_owes)
{
	struct memory *m = &self->memory;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	EXPECT_EQ(m->mapping.promised, m->mapping.props.vm_flags & MAPPING_PROMISES &
		  ~m->mapping.unpromised)
		TH_LOG("VmFlags:%s", m->mapping.vm_flags);
}

/* The CPU reads each page that it may read. Returns their number. */
static size_t touch(const struct memory *m)
{
	size_t i;

	if (!(m->mapping.access & MAPPING_READ))
		return 0;
	for (i = 0; i < m->pages && i < m->mapping.props.cpu_pages; i++)
		(void)*(volatile char *)(m->base + i * PAGE);
	return i;
}

static size_t count_present(const struct memory *m, size_t pages)
{
	size_t i, n = 0;

	for (i = 0; i < pages; i++)
		n += !!(pagemap_entry(m->base + i * PAGE, 0) & PAGEMAP_PRESENT);
	return n;
}

TEST_F(vma, is_entered_by_page_walkers_unless_it_is_pfnmap)
{
	struct memory *m = &self->memory;
	size_t touched, owed;
	long found;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	touched = touch(m);
	owed = walk_page_test(&m->mapping.props) ? touched : 0;
	EXPECT_EQ(owed, count_present(m, touched))
		TH_LOG("pagemap, VmFlags:%s", m->mapping.vm_flags);
	found = pagemap_scan_present(m->base, touched * PAGE);
	if (found >= 0)
		EXPECT_EQ((long)owed, found)
			TH_LOG("PAGEMAP_SCAN, VmFlags:%s", m->mapping.vm_flags);
}

/* Root, and of the first user namespace: can_do_mincore() asks for the owner of the file. */
static bool is_root_of_all(void)
{
	unsigned int from, to, ids;
	char map[64];

	return !geteuid() && attribute_line("/proc/self/uid_map", map, sizeof(map)) &&
	       sscanf(map, "%u %u %u", &from, &to, &ids) == 3 && !to && ids == UINT_MAX;
}

/* Has the vma at @addr a file? The inode's number in /proc/self/maps is 0 where it has none. */
static bool has_file(const void *addr)
{
	unsigned long start, end, inode = 0;
	bool found = false;
	char line[512];
	FILE *maps = fopen("/proc/self/maps", "re");

	while (maps && !found && fgets(line, sizeof(line), maps))
		found = sscanf(line, "%lx-%lx %*s %*s %*s %lu", &start, &end, &inode) == 3 &&
			(uintptr_t)addr >= start && (uintptr_t)addr < end;
	if (maps)
		fclose(maps);
	return found && inode;
}

static size_t count_resident(const struct memory *m)
{
	unsigned char resident[LAYOUT_RUN] = {};
	size_t i, n = 0;

	if (mincore(m->base, m->pages * PAGE, resident))
		return SIZE_MAX;
	for (i = 0; i < m->pages; i++)
		n += resident[i] & 1;
	return n;
}

/*
 * mm/mincore.c: of memory that belongs to no file and is not anonymous all pages are there. Of what
 * the walk does not enter, those of the page cache are, and a device has none.
 */
TEST_F(vma, is_resident_where_mincore_enters)
{
	struct memory *m = &self->memory;
	const struct mapping_props *props = &m->mapping.props;
	size_t least, most = m->pages, resident;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	if (!is_root_of_all())
		SUITE_SKIP("others are told that all pages of a file are there: run as root");
	if (!props->vm_flags)
		SUITE_SKIP("it cannot be asked: no vma");
	least = touch(m);
	if (!props->anonymous && !has_file(m->base))
		least = m->pages;
	else if (!walk_page_test(props) && !kernel_has(MINCORE_ENTERS))
		least = most = 0;
	resident = count_resident(m);
	EXPECT_LE(least, resident) TH_LOG("VmFlags:%s", m->mapping.vm_flags);
	EXPECT_GE(most, resident) TH_LOG("VmFlags:%s", m->mapping.vm_flags);
}

/* Pages that /proc/self/numa_maps counts on a node, of the vma at @addr; -1 without the file. */
static long count_on_nodes(const void *addr)
{
	FILE *maps = fopen("/proc/self/numa_maps", "re");
	char line[1024], *word, *rest;
	unsigned int node;
	long n, all = 0;

	if (!maps)
		return -1;
	while (fgets(line, sizeof(line), maps)) {
		if (strtoul(line, NULL, 16) != (uintptr_t)addr)
			continue;
		for (word = strtok_r(line, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
			if (sscanf(word, "N%u=%ld", &node, &n) == 2)
				all += n;
	}
	fclose(maps);
	return all;
}

TEST_F(vma, is_counted_on_nodes_where_it_is_ordinary)
{
	struct memory *m = &self->memory;
	const struct mapping_props *props = &m->mapping.props;
	size_t touched;
	long counted;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	if (!props->vm_flags || props->zone_device || props->fsdax)
		SUITE_SKIP("it cannot be told: no vma, or memory of a device");
	touched = touch(m);
	counted = count_on_nodes(m->base);
	if (counted < 0)
		SUITE_SKIP("no /proc/self/numa_maps: CONFIG_NUMA, CONFIG_PROC_PAGE_MONITOR");
	EXPECT_EQ((long)gather_numa_stats(props, touched), counted)
		TH_LOG("VmFlags:%s", m->mapping.vm_flags);
}

/* A second vma at another address, with the pages of the first, which stays: 0 or errno. */
static int move_and_stay(const struct memory *m)
{
	const size_t size = m->pages * PAGE;
	void *moved = mremap(m->base, size, size, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);

	if (moved == MAP_FAILED)
		return errno;
	munmap(moved, size);
	return 0;
}

TEST_F(vma, stays_when_its_pages_are_moved_only_where_its_flags_let_it)
{
	struct memory *m = &self->memory;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	EXPECT_EQ(mremap_dontunmap(&m->mapping.props), move_and_stay(m))
		TH_LOG("VmFlags:%s", m->mapping.vm_flags);
}

/* Moves its pages to memory of userfaultfd. 0 or errno; ENOTTY where that cannot be tried. */
static int move_by_userfaultfd(const struct memory *m)
{
	const size_t size = m->pages * PAGE;
	void *room = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct uffd_move move = { .dst = (uintptr_t)room, .src = (uintptr_t)m->base, .len = size };
	int fd = uffd_open(UFFD_USER_MODE_ONLY), err = ENOTTY;

	if (fd >= 0 && uffd_register(fd, room, size) & 1 << UFFD_MOVE_NR)
		err = ioctl(fd, UFFD_MOVE, &move) ? errno : 0;
	if (fd >= 0)
		close(fd);
	munmap(room, size);
	return err;
}

TEST_F(vma, is_moved_by_userfaultfd_only_where_it_is_anonymous)
{
	struct memory *m = &self->memory;
	struct patience patience;
	size_t present;
	int err;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	present = touch(m);
	if (m->mapping.props.anonymous && !present)
		SUITE_SKIP("it cannot be moved: it has no page");
	/* A page that the kernel looks at stays; the next call finds it free. */
	patience_begin_short(&patience);
	do
		err = move_by_userfaultfd(m);
	while ((err == EAGAIN || err == EBUSY) && patience_wait(&patience));
	if (err == ENOTTY)
		SUITE_SKIP("no UFFDIO_MOVE: CONFIG_USERFAULTFD (needs 6.8)");
	EXPECT_EQ(validate_move_areas(&m->mapping.props), err)
		TH_LOG("VmFlags:%s", m->mapping.vm_flags);
}

/* Sends pages to the other end; then asks TCP to map them at @addr. 0 or errno. */
static int map_received(struct loopback *l, void *addr)
{
	static char pages[FEW * MAX_PAGE];
	struct tcp_zerocopy_receive zc = {
		.address = (uintptr_t)addr,
		.length = FEW * PAGE,
	};
	socklen_t len = sizeof(zc);

	if (write(l->from, pages, FEW * PAGE) != (ssize_t)(FEW * PAGE))
		return errno;
	if (recv(l->to, pages, FEW * PAGE, MSG_PEEK | MSG_WAITALL) != (ssize_t)(FEW * PAGE))
		return errno;
	return getsockopt(l->to, IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE, &zc, &len) ? errno : 0;
}

/* find_tcp_vma(), net/ipv4/tcp.c, wants a mapping of a socket. */
TEST_F(vma, is_not_where_tcp_maps_what_it_received)
{
	struct memory *m = &self->memory;
	struct loopback loopback;
	size_t present;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	if (loopback_open(&loopback, AF_INET, SOCK_STREAM))
		SUITE_SKIP(LOOPBACK_WANTED, strerror(errno));
	present = touch(m);
	EXPECT_EQ(EINVAL, map_received(&loopback, m->base));
	EXPECT_EQ(present, touch(m));
	loopback_close(&loopback);
}

/*
 * The kernel may have to reserve the memory's type while it is mapped, and each part that is
 * unmapped gives its part up: /sys/kernel/debug/x86/pat_memtype_list.
 */
FIXTURE(memory_type)
{
	struct memory memory;
	char before[MEMORY_TYPES_SIZE];
	const char *why;
};

FIXTURE_VARIANT(memory_type)
{
	const struct mapping_ops *mapping;
};

#define MAPPING(name) FIXTURE_VARIANT_ADD(memory_type, name) { .mapping = &mapping_##name };
MAPPINGS(MAPPING)
#undef MAPPING

static bool list_is(const char *before)
{
	static char now[MEMORY_TYPES_SIZE];

	return attribute_read(MEMORY_TYPES, now, sizeof(now)) && !strcmp(now, before);
}

/* Is the list again what it was before? Others may have memory in it for a moment. */
static bool types_are(const char *before)
{
	struct patience patience;

	patience_begin_short(&patience);
	while (!list_is(before))
		if (!patience_wait(&patience))
			return false;
	return true;
}

static void unmap(const struct memory *m, size_t first, size_t pages)
{
	munmap(m->base + first * PAGE, pages * PAGE);
}

/* The list while the source is open and @m is not mapped; and maps @m. NULL, or why it cannot. */
static const char *learn_types(struct memory *m, char *types, size_t size)
{
	if (m->mapping.granule > 1)
		return "it cannot be split";
	unmap(m, 0, FEW);
	if (!attribute_read(MEMORY_TYPES, types, size))
		return MEMORY_TYPES ": x86 with PAT, CONFIG_DEBUG_FS, root";
	if (strlen(types) == size - 1)
		return MEMORY_TYPES " has too many lines";
	if (mapping_place(&m->mapping, m->base, FEW))
		return "it cannot be mapped twice";
	touch(m);
	return NULL;
}

FIXTURE_SETUP(memory_type)
{
	struct memory *m = &self->memory;

	self->why = memory_open(m, variant->mapping, FEW);
	if (self->why)
		return;
	self->why = learn_types(m, self->before, sizeof(self->before));
	if (!self->why && list_is(self->before))
		self->why = "it takes no page whose memory type is reserved";
	if (self->why)
		memory_close(m);
}

FIXTURE_TEARDOWN(memory_type)
{
	if (!self->why)
		memory_close(&self->memory);
}

TEST_F(memory_type, is_given_up_after_fork_and_move)
{
	struct memory *m = &self->memory;
	pid_t child;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	child = fork();
	if (!child)
		_exit(0);
	ASSERT_EQ(child, waitpid(child, NULL, 0));
	EXPECT_EQ(0, mapping_move(m->base, m->base + FEW * PAGE, FEW));
	unmap(m, 0, 2 * FEW);
	EXPECT_TRUE(types_are(self->before)) TH_LOG("see " MEMORY_TYPES);
}

TEST_F(memory_type, is_given_up_with_the_last_page_first)
{
	if (self->why)
		SUITE_SKIP("%s", self->why);
	unmap(&self->memory, 1, 1);
	unmap(&self->memory, 0, 1);
	EXPECT_TRUE(types_are(self->before)) TH_LOG("see " MEMORY_TYPES);
}

TEST_F(memory_type, is_given_up_with_the_first_page_first)
{
	const char *known;
	bool given_up;

	if (self->why)
		SUITE_SKIP("%s", self->why);
	unmap(&self->memory, 0, 1);
	unmap(&self->memory, 1, 1);
	given_up = types_are(self->before);
	known = defect_seen(MEMORY_TYPE_KEPT, !given_up);
	if (known) {
		SUITE_XFAIL(known);
		return;
	}
	EXPECT_TRUE(given_up) TH_LOG("see " MEMORY_TYPES);
}

SUITE_MAIN
