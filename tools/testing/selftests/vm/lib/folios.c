// SPDX-License-Identifier: GPL-2.0
/* Drivers that pin the pages of a memfd; see folios.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "folios.h"
#include "pattern.h"

#define IOVA_BOUNCE 0x1000000UL		/* edu reaches 2^28 bytes */
#define IOVA_FILE 0x2000000UL

static int hold_dmabuf(struct folios *f, int memfd, off_t start, size_t pages)
{
	const struct udmabuf_create_item part = {
		.memfd = memfd, .offset = start, .size = pages * PAGE
	};

	f->dmabuf = udmabuf_create(&part, 1);
	if (f->dmabuf < 0)
		return f->dmabuf;
	f->pages = pages;
	f->map = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, f->dmabuf, 0);
	if (f->map != MAP_FAILED)
		return 0;
	close(f->dmabuf);
	return -errno;
}

static int open_udmabuf(struct folios *f)
{
	int memfd = udmabuf_memfd(PAGE, 0);
	int err = memfd < 0 ? -errno : hold_dmabuf(f, memfd, 0, 1);

	if (memfd >= 0)
		close(memfd);
	if (!err) {
		folios_udmabuf.release(f);
		return 0;
	}
	snprintf(f->why, sizeof(f->why), "/dev/udmabuf: %s (%s)", strerror(-err),
		 udmabuf_advice(err));
	return -1;
}

static bool read_dmabuf(struct folios *f, size_t i, void *page)
{
	memcpy(page, f->map + i * PAGE, PAGE);
	return true;
}

static bool write_dmabuf(struct folios *f, size_t i, const void *page)
{
	memcpy(f->map + i * PAGE, page, PAGE);
	return true;
}

static void release_dmabuf(struct folios *f)
{
	munmap(f->map, f->pages * PAGE);
	close(f->dmabuf);
}

const struct folio_driver folios_udmabuf = {
	.open = open_udmabuf,
	.hold = hold_dmabuf,
	.read = read_dmabuf,
	.write = write_dmabuf,
	.release = release_dmabuf,
	.no_memfd = -EBADFD,
};

static int hold_ioas(struct folios *f, int memfd, off_t start, size_t pages)
{
	f->pages = pages;
	return iommufd_map_file(&f->iommufd, IOVA_FILE, memfd, start, pages * PAGE);
}

static void release_ioas(struct folios *f)
{
	iommufd_unmap(&f->iommufd, IOVA_FILE, f->pages * PAGE);
}

/* Can this kernel map a file? 0 or -errno. */
static int try_file(struct folios *f)
{
	int memfd = udmabuf_memfd(PAGE, 0);
	int err = memfd < 0 ? -errno : hold_ioas(f, memfd, 0, 1);

	if (!err)
		release_ioas(f);
	if (memfd >= 0)
		close(memfd);
	return err;
}

static void close_iommufd(struct folios *f)
{
	iommufd_close(&f->iommufd);
	munmap(f->bounce, PAGE);
}

static int open_iommufd(struct folios *f)
{
	int err;

	if (iommufd_open_edu(&f->iommufd, f->why, sizeof(f->why)))
		return -1;
	f->bounce = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	err = iommufd_map(&f->iommufd, IOVA_BOUNCE, f->bounce, PAGE, true) ?: try_file(f);
	if (!err)
		return 0;
	close_iommufd(f);
	snprintf(f->why, sizeof(f->why), "iommufd: %s%s", strerror(-err),
		 err == -ENOTTY ? ": IOMMU_IOAS_MAP_FILE needs 6.13" : "");
	return -1;
}

static bool copy(struct folios *f, uint32_t from, uint32_t to)
{
	return edu_copy(f->iommufd.device, from, to, EDU_BYTES);
}

static bool read_by_edu(struct folios *f, size_t i, void *page)
{
	if (!copy(f, IOVA_FILE + i * PAGE, IOVA_BOUNCE))
		return false;
	memcpy(page, f->bounce, EDU_BYTES);
	return true;
}

static bool write_by_edu(struct folios *f, size_t i, const void *page)
{
	memcpy(f->bounce, page, EDU_BYTES);
	return copy(f, IOVA_BOUNCE, IOVA_FILE + i * PAGE);
}

const struct folio_driver folios_iommufd = {
	.open = open_iommufd,
	.hold = hold_ioas,
	.read = read_by_edu,
	.write = write_by_edu,
	.release = release_ioas,
	.close = close_iommufd,
	.slow = EDU_BYTES,
	.charged = true,
	.no_memfd = -EINVAL,
};
