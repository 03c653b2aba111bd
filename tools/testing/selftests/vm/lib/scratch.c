// SPDX-License-Identifier: GPL-2.0
/* What pinners move data from and to; see scratch.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/loop.h>
#include <linux/magic.h>
#include <mntent.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "btrfs.h"
#include "compiler.h"
#include "detached.h"
#include "fat.h"
#include "../mappings/mapping.h"
#include "scratch.h"

#define SALT_IN 7
#define SECTOR_SIZE 512
#define ROOM 8UL	/* pages; [vvar] has 4 */
#define IN_PAGES (SCRATCH_IN_SLOTS * LAYOUT_PAGES)
#define IN_SIZE (SCRATCH_IN_SLOTS * SCRATCH_SLOT)
#define SHORT_SIZE (SCRATCH_SHORT_SLOTS * SCRATCH_SHORT_SLOT)
#define OUT_SIZE (SCRATCH_SLOT + SHORT_SIZE)

static struct scratch scratches[NR_SCRATCH];
static bool made[NR_SCRATCH];
/* Where a file that pins was found; kept for the file of the loop device. */
static char direct_dir[256];

pattern_id scratch_in_id(unsigned int page)
{
	return PATTERN_ID(SALT_IN, page);
}

static int no_scratch(struct scratch *s, const char *fmt, ...) __printf(2, 3);

static int no_scratch(struct scratch *s, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(s->why, sizeof(s->why), fmt, args);
	va_end(args);
	s->in = s->out = -1;
	return -1;
}

static int fill_in(int fd)
{
	char *data =
		mmap(NULL, IN_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ssize_t wrote;
	size_t i;

	if (data == MAP_FAILED)
		return -1;
	for (i = 0; i < IN_PAGES; i++)
		pattern_fill(data + i * PAGE, scratch_in_id(i), 0, PAGE);
	wrote = pwrite(fd, data, IN_SIZE, 0);
	munmap(data, IN_SIZE);
	/* A short write to a regular file means that the disk is full. */
	if (wrote >= 0 && wrote != IN_SIZE)
		errno = ENOSPC;
	return wrote == IN_SIZE && !fsync(fd) ? 0 : -1;
}

static int make_memory(struct scratch *s)
{
	s->in = memfd_create("pfnmap-in", MFD_CLOEXEC);
	s->out = memfd_create("pfnmap-out", MFD_CLOEXEC);
	if (s->in < 0 || s->out < 0)
		return no_scratch(s, "memfd_create: %s (CONFIG_MEMFD_CREATE)", strerror(errno));
	if (fill_in(s->in) || ftruncate(s->out, OUT_SIZE))
		return no_scratch(s, "memfd: %s: make room in memory", strerror(errno));
	return 0;
}

/*
 * Is O_DIRECT from memory of the mapping @ops refused? *@asked tells whether that could be tried.
 */
static bool is_refused(int fd, const struct mapping_ops *ops, char *room, bool *asked)
{
	struct mapping m;
	bool refused = false;

	if (mapping_open(&m, ops))
		return false;
	if (m.granule <= ROOM && (m.props.secretmem || m.props.special) &&
	    !mapping_place(&m, room, m.granule)) {
		*asked = true;
		refused = pwrite(fd, room, PAGE, 0) == -1 && errno == EFAULT;
		mapping_unplace(&m, room, m.granule);
	}
	mapping_close(&m);
	return refused;
}

/*
 * A filesystem can take O_DIRECT and copy all the same (tmpfs since 6.6): it then accepts data that
 * must not be pinned. memfd_secret and [vvar] are such data, and a CPU can read them. One refusal
 * is proof, even if the kernel is wrong about the other one. Leaves @why empty then.
 */
static void proven_to_pin(int fd, char *why, size_t size)
{
	char *room = mmap(NULL, ROOM * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool asked = false, refused;

	why[0] = '\0';
	if (room == MAP_FAILED) {
		snprintf(why, size, "%s", strerror(errno));
		return;
	}
	refused = is_refused(fd, &mapping_secretmem, room, &asked) ||
		  is_refused(fd, &mapping_vvar, room, &asked);
	munmap(room, ROOM * PAGE);
	if (!asked)
		snprintf(why, size, "neither memfd_secret nor [vvar] is there to prove that it pins");
	else if (!refused)
		snprintf(why, size, "O_DIRECT there copies instead of pinning");
}

/*
 * The contract knows how iomap's O_DIRECT takes pages; other code (fs/direct-io.c, btrfs) treats a
 * partial pin in its own way. Kinds that must pin are not asked for proof: the cells of
 * memfd_secret and [vvar] are the proof, and fail when it is missing.
 */
static const struct filesystem {
	unsigned long magic;
	bool must_pin;
} filesystems[] = {
	{ EXT4_SUPER_MAGIC, true },
	{ XFS_SUPER_MAGIC, true },
	{ OVERLAYFS_SUPER_MAGIC, false },	/* the lower filesystem decides */
};

static void check_filesystem(int fd, char *why, size_t size)
{
	struct statfs fs;
	size_t i = 0;

	why[0] = '\0';
	if (fstatfs(fd, &fs)) {
		snprintf(why, size, "%s", strerror(errno));
		return;
	}
	while (i < ARRAY_SIZE(filesystems) && filesystems[i].magic != (unsigned long)fs.f_type)
		i++;
	if (i < ARRAY_SIZE(filesystems) && filesystems[i].must_pin)
		return;
	proven_to_pin(fd, why, size);
	if (!why[0] && i == ARRAY_SIZE(filesystems))
		snprintf(why, size, "O_DIRECT there pins by rules of its own");
}

/* Opens an unnamed file; falls back to a name that is removed at once. */
static int unnamed_file(const char *dir)
{
	char path[300];
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	snprintf(path, sizeof(path), "%s/pfnmap-XXXXXX", dir);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static int direct_in(struct scratch *s, const char *dir)
{
	char reason[128];
	int in = unnamed_file(dir), out = unnamed_file(dir);

	s->in = in < 0 ? -1 : reopen(in, O_RDONLY | O_DIRECT);
	s->out = out < 0 ? -1 : reopen(out, O_RDWR | O_DIRECT);
	if (s->in < 0 || s->out < 0 || ftruncate(out, OUT_SIZE) || fill_in(in))
		snprintf(reason, sizeof(reason), "%s", strerror(errno));
	else
		check_filesystem(s->out, reason, sizeof(reason));
	close(in);
	close(out);
	if (!reason[0])
		return 0;
	close(s->in);
	close(s->out);
	return no_scratch(s, "no file here pins: %s: %s; set TMPDIR to a directory on ext4 or xfs",
			  dir, reason);
}

static int make_direct(struct scratch *s)
{
	const char *dirs[] = { ".", getenv("TMPDIR"), "/var/tmp", "/tmp" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		if (dirs[i] && !direct_in(s, dirs[i])) {
			snprintf(direct_dir, sizeof(direct_dir), "%s", dirs[i]);
			return 0;
		}
	}
	return -1;
}

/* The kernel detaches the device when its last user is gone, even when a process was killed. */
static int make_loop(int backing, unsigned int block_size)
{
	struct loop_config config = {
		.fd = backing,
		.block_size = block_size,
		.info.lo_flags = LO_FLAGS_AUTOCLEAR,
	};
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	char path[32];
	int n, fd, err = ENODEV, tries;

	/* Another process may take the free device in the meantime: then ask again. */
	for (tries = 0; control >= 0 && tries < 16; tries++) {
		n = ioctl(control, LOOP_CTL_GET_FREE);
		snprintf(path, sizeof(path), "/dev/loop%d", n);
		fd = n < 0 ? -1 : open(path, O_RDWR | O_DIRECT | O_CLOEXEC);
		if (fd >= 0 && !ioctl(fd, LOOP_CONFIGURE, &config)) {
			close(control);
			return fd;
		}
		err = errno;
		if (fd >= 0)
			close(fd);
		if (err != EBUSY)
			break;
	}
	if (control >= 0)
		close(control);
	else
		err = errno;
	errno = err;
	return -1;
}

/*
 * A loop device of @size bytes in blocks of @block_size, whose first are what @fill writes, or -1
 * with the reason in @s->why.
 */
static int make_disk(struct scratch *s, off_t size, unsigned int block_size, int (*fill)(int fd))
{
	int backing, disk;

	if (scratch_get(SCRATCH_DIRECT)->in < 0)
		return no_scratch(s, "no room for a loop device's file: %s",
				  scratch_get(SCRATCH_DIRECT)->why);
	backing = unnamed_file(direct_dir);
	if (backing < 0 || ftruncate(backing, size))
		return no_scratch(s, "%s: %s", direct_dir, strerror(errno));
	if (fill(backing)) {
		close(backing);
		return no_scratch(s, "%s: %s: make room", direct_dir, strerror(errno));
	}
	disk = make_loop(backing, block_size);
	close(backing);
	if (disk < 0)
		no_scratch(s, "no loop device: %s (run as root; CONFIG_BLK_DEV_LOOP, modprobe loop)",
			   strerror(errno));
	return disk;
}

static int make_blocks_of(struct scratch *s, unsigned int block_size)
{
	s->in = s->out = make_disk(s, IN_SIZE + OUT_SIZE, block_size, fill_in);
	s->out_start = IN_SIZE;
	return s->in < 0 ? -1 : 0;
}

static int make_block(struct scratch *s)
{
	return make_blocks_of(s, SECTOR_SIZE);
}

static int make_block_4k(struct scratch *s)
{
	return make_blocks_of(s, SCRATCH_BLOCK_SIZE);
}

/* Directories that a server has for us, the host or this machine itself, or on a filesystem. */
struct share {
	const char *type, *option;	/* as /proc/self/mounts has them */
	const char *wanted, *advice;	/* without one, and about one that is of no use */
	int (*prepare)(int fd);		/* of a file that is empty; may be NULL */
};

/* The data is written while the file still has its name: afterwards the server does not find it. */
static int shared_file(const struct share *share, const char *dir, int (*fill)(int fd))
{
	char path[300];
	int fd, err;

	snprintf(path, sizeof(path), "%s/pfnmap-XXXXXX", dir);
	fd = mkostemp(path, O_DIRECT | O_CLOEXEC);
	if (fd < 0)
		return -1;
	err = (share->prepare && share->prepare(fd)) || fill(fd) ? errno : 0;
	unlink(path);
	if (!err)
		return fd;
	close(fd);
	errno = err;
	return -1;
}

static int leave_empty(int fd)
{
	return ftruncate(fd, OUT_SIZE);
}

static bool share_in(struct scratch *s, const struct share *share, const char *dir)
{
	s->in = shared_file(share, dir, fill_in);
	s->out = s->in < 0 ? -1 : shared_file(share, dir, leave_empty);
	if (s->out >= 0)
		return true;
	snprintf(s->why, sizeof(s->why), "%s: %s: %s", dir, strerror(errno), share->advice);
	if (s->in >= 0)
		close(s->in);
	return false;
}

/* The first directory of that kind in which files can be made. */
static int make_share(struct scratch *s, const struct share *share)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *m;
	bool made = false;

	snprintf(s->why, sizeof(s->why), "%s", share->wanted);
	while (mounts && !made && (m = getmntent(mounts)))
		made = !strcmp(m->mnt_type, share->type) && hasmntopt(m, share->option) &&
		       share_in(s, share, m->mnt_dir);
	if (mounts)
		endmntent(mounts);
	if (made)
		return 0;
	s->in = s->out = -1;
	return -1;
}

static int make_9p(struct scratch *s)
{
	static const struct share share = {
		"9p", "trans=virtio",
		"no directory of a host: run QEMU with -virtfs, and mount -t 9p -o trans=virtio,cache=none",
		"make room there", NULL
	};

	return make_share(s, &share);
}

static int make_nfs(struct scratch *s)
{
	static const struct share share = {
		"nfs4", "addr=127.0.0.1",
		"no directory that this machine serves itself: mount -t nfs4 127.0.0.1:/... (CONFIG_NFSD_V4, CONFIG_NFS_V4)",
		"make room there", NULL
	};

	return make_share(s, &share);
}

static int make_btrfs(struct scratch *s)
{
	static const struct share share = {
		"btrfs", "rw", "no filesystem of btrfs: mount one (CONFIG_BTRFS_FS)",
		"make room there, as root; blocks of 4096 bytes, one copy of the data",
		btrfs_make_direct
	};

	return make_share(s, &share);
}

/* NFS writes to a part that was never written through the page cache. */
static int fill_with_zeros(int fd)
{
	return fallocate(fd, 0, 0, OUT_SIZE);
}

static int fat_file(int root, const char *name, int flags, int (*fill)(int fd))
{
	int fd = openat(root, name, O_CREAT | O_RDWR | O_CLOEXEC, 0600), direct = -1, err;

	if (fd >= 0 && !fill(fd) && !fsync(fd))
		direct = reopen(fd, flags | O_DIRECT);
	err = errno;
	if (fd >= 0)
		close(fd);
	errno = err;
	return direct;
}

static int format_fat(int fd)
{
	return fat_format(fd, fat_disk_size(IN_SIZE + OUT_SIZE));
}

/* Some kernels do not mount what is open for writing (CONFIG_BLK_DEV_WRITE_MOUNTED). */
static int make_fat(struct scratch *s)
{
	off_t size = fat_disk_size(IN_SIZE + OUT_SIZE);
	int writable = make_disk(s, size, SECTOR_SIZE, format_fat), disk, root;

	if (writable < 0)
		return -1;
	disk = reopen(writable, O_RDONLY);
	close(writable);
	root = fat_open(disk);
	if (root < 0) {
		no_scratch(s, "no filesystem of FAT: %s: modprobe vfat (CONFIG_VFAT_FS)",
			   strerror(errno));
	} else {
		s->in = fat_file(root, "in", O_RDONLY, fill_in);
		s->out = fat_file(root, "out", O_RDWR, fill_with_zeros);
		if (s->in < 0 || s->out < 0)
			no_scratch(s, "no file on a filesystem of FAT: %s", strerror(errno));
		close(root);
	}
	close(disk);
	return s->in < 0 ? -1 : 0;
}

const struct scratch *scratch_get(enum scratch_kind kind)
{
	static int (*const make[NR_SCRATCH])(struct scratch *) = {
		[SCRATCH_MEMORY] = make_memory,
		[SCRATCH_DIRECT] = make_direct,
		[SCRATCH_BLOCK] = make_block,
		[SCRATCH_BLOCK_4K] = make_block_4k,
		[SCRATCH_9P] = make_9p,
		[SCRATCH_NFS] = make_nfs,
		[SCRATCH_FAT] = make_fat,
		[SCRATCH_BTRFS] = make_btrfs,
	};

	if (!made[kind]) {
		made[kind] = true;
		make[kind](&scratches[kind]);
	}
	return &scratches[kind];
}

bool scratch_reads_image(const struct scratch *s)
{
	const void *vdso = (const void *)getauxval(AT_SYSINFO_EHDR);

	return !vdso || s->out < 0 || pwrite(s->out, vdso, PAGE, s->out_start) >= 0 ||
	       errno != EIO;
}

bool scratch_is_nvme(const struct scratch *s)
{
	char path[64], disk[256] = "";
	struct stat st;
	dev_t dev;

	if (s->out < 0 || fstat(s->out, &st))
		return false;
	dev = S_ISBLK(st.st_mode) ? st.st_rdev : st.st_dev;
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u", major(dev), minor(dev));
	return readlink(path, disk, sizeof(disk) - 1) > 0 && strstr(disk, "/nvme/");
}

off_t scratch_short_slot(const struct scratch *s, unsigned int i)
{
	return s->out_start + SCRATCH_SLOT + i * SCRATCH_SHORT_SLOT;
}

int scratch_clear(const struct scratch *s)
{
	static char zeros[SCRATCH_SHORT_SLOTS * SCRATCH_SHORT_PAGES * MAX_PAGE] __aligned(MAX_PAGE);
	off_t at = scratch_short_slot(s, 0);
	ssize_t wrote;

	if (!fallocate(s->out, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, SHORT_SIZE))
		return 0;
	/* For filesystems without holes. */
	wrote = pwrite(s->out, zeros, SHORT_SIZE, at);
	if (wrote < 0)
		return -errno;
	return wrote == SHORT_SIZE ? 0 : -ENOSPC;
}
