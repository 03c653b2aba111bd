// SPDX-License-Identifier: GPL-2.0
/*
 * A video device has long-term pins of user memory for its frames (V4L2_MEMORY_USERPTR):
 * drivers/media/common/videobuf2/frame_vector.c, which used follow_pfn() for VM_PFNMAP vmas in the
 * past. The device is a virtual one, vivid.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../lib/attribute.h"
#include "pinner.h"

/* A pixel has one byte. The driver requires 16 lines and accepts 2160. */
#define NARROW 64
#define WIDE (PAGE / 4)	/* up to vivid's MAX_WIDTH; 520 pages are lower than its MAX_HEIGHT */
#define NARROW_PAGES 4
#define TIMEOUT_MS 10000

/* A picture of an HDMI input or output may have any size. */
#define HDMI "HDMI"

/* Controls of vivid for a frame of one colour without text. vivid has no UAPI for their ids. */
static struct setting {
	const char *name;
	int value;
	struct v4l2_control before;
} settings[] = {
	{ .name = "Test Pattern", .value = 6 },		/* 100% white */
	{ .name = "OSD Text Mode", .value = 2 },	/* none */
};

static int device;
static int before;			/* the input or output to restore */
static enum v4l2_buf_type type;
static struct v4l2_buffer held;
static unsigned int nr_buffers;
static char frame[LAYOUT_PAGES * MAX_PAGE];

/* Selects the first HDMI input or output, saves the old one. -1 with errno set on failure. */
static int select_hdmi(void)
{
	bool in = type == V4L2_BUF_TYPE_VIDEO_CAPTURE;
	struct v4l2_output output = {};
	struct v4l2_input input = {};

	if (ioctl(device, in ? VIDIOC_G_INPUT : VIDIOC_G_OUTPUT, &before))
		return -1;
	while (in && !ioctl(device, VIDIOC_ENUMINPUT, &input)) {
		if (!strncmp((char *)input.name, HDMI, strlen(HDMI)))
			return ioctl(device, VIDIOC_S_INPUT, &input.index);
		input.index++;
	}
	while (!in && !ioctl(device, VIDIOC_ENUMOUTPUT, &output)) {
		if (!strncmp((char *)output.name, HDMI, strlen(HDMI)))
			return ioctl(device, VIDIOC_S_OUTPUT, &output.index);
		output.index++;
	}
	errno = ENODEV;
	return -1;
}

/* Sets the controls with these names, saves the old values. -1 with errno set on failure. */
static int select_picture(void)
{
	struct v4l2_queryctrl control = { .id = V4L2_CTRL_FLAG_NEXT_CTRL };
	struct v4l2_control now;
	size_t i;

	for (; !ioctl(device, VIDIOC_QUERYCTRL, &control);
	     control.id |= V4L2_CTRL_FLAG_NEXT_CTRL) {
		for (i = 0; i < ARRAY_SIZE(settings); i++) {
			if (strcmp((char *)control.name, settings[i].name))
				continue;
			settings[i].before.id = control.id;
			now = (struct v4l2_control){ control.id, settings[i].value };
			if (ioctl(device, VIDIOC_G_CTRL, &settings[i].before) ||
			    ioctl(device, VIDIOC_S_CTRL, &now))
				return -1;
		}
	}
	return 0;
}

static void restore_picture(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++)
		ioctl(device, VIDIOC_S_CTRL, &settings[i].before);
}

static int open_vivid(struct pinner *p, enum v4l2_buf_type as, const char *name)
{
	type = as;
	device = attribute_open_device("/sys/class/video4linux/", "video*/name", name,
				       O_RDWR | O_NONBLOCK);
	if (device == -EACCES)
		return pinner_skip(p, "/dev/video*: %s: run as root or a user of the group video",
				   strerror(-device));
	if (device < 0)
		return pinner_skip(p, "no virtual camera: modprobe vivid (CONFIG_VIDEO_VIVID)");
	if (!select_hdmi())
		return 0;
	close(device);
	return pinner_skip(p, "vivid: no HDMI: %s: another program may use the device",
			   strerror(errno));
}

static int capture_open(struct pinner *p)
{
	if (open_vivid(p, V4L2_BUF_TYPE_VIDEO_CAPTURE, "vivid-*vid-cap*"))
		return -1;
	if (!select_picture())
		return 0;
	close(device);
	return pinner_skip(p, "vivid: the test pattern cannot be set: %s", strerror(errno));
}

static int output_open(struct pinner *p)
{
	return open_vivid(p, V4L2_BUF_TYPE_VIDEO_OUTPUT, "vivid-*vid-out*");
}

static void capture_close(struct pinner *p __maybe_unused)
{
	restore_picture();
	ioctl(device, VIDIOC_S_INPUT, &before);
	close(device);
}

static void output_close(struct pinner *p __maybe_unused)
{
	ioctl(device, VIDIOC_S_OUTPUT, &before);
	close(device);
}

static int drop_frame(struct pinner *p __maybe_unused)
{
	struct v4l2_requestbuffers none = { .type = type, .memory = V4L2_MEMORY_USERPTR };

	return ioctl(device, VIDIOC_REQBUFS, &none) ? -errno : 0;
}

static int set_size(size_t bytes)
{
	unsigned int width = bytes < NARROW_PAGES * PAGE ? NARROW : WIDE;
	struct v4l2_format format = {
		.type = type,
		.fmt.pix = { .width = width, .height = bytes / width,
			     .pixelformat = V4L2_PIX_FMT_GREY, .field = V4L2_FIELD_NONE },
	};
	struct v4l2_selection whole = { .type = type, .target = V4L2_SEL_TGT_COMPOSE,
					.r = { .width = width, .height = bytes / width } };

	if (ioctl(device, VIDIOC_S_FMT, &format))
		return -errno;
	if (format.fmt.pix.sizeimage != bytes)
		return -EPROTO;
	/* Otherwise the picture keeps a smaller, older size, in a corner of the frame. */
	if (type == V4L2_BUF_TYPE_VIDEO_CAPTURE && ioctl(device, VIDIOC_S_SELECTION, &whole))
		return -errno;
	return 0;
}

/* One frame of the size of the buffer. */
static ssize_t take_frame(struct pinner *p, const struct iovec *iov, int n __maybe_unused)
{
	struct v4l2_requestbuffers one = {
		.count = 1, .type = type, .memory = V4L2_MEMORY_USERPTR,
	};
	int err = set_size(iov->iov_len);

	if (err)
		return err;
	if (ioctl(device, VIDIOC_REQBUFS, &one))
		return -errno;
	held = (struct v4l2_buffer){
		.type = type,
		.memory = V4L2_MEMORY_USERPTR,
		.field = V4L2_FIELD_NONE,
		.m.userptr = (uintptr_t)iov->iov_base,
		.length = iov->iov_len,
		.bytesused = iov->iov_len,
	};
	nr_buffers = one.count;
	if (!ioctl(device, VIDIOC_PREPARE_BUF, &held))
		return iov->iov_len;
	err = -errno;
	drop_frame(p);
	return err;
}

/* 5.10's vivid starts with two buffers at least. */
static int queue_spares(void)
{
	struct v4l2_buffer spare = held;

	spare.m.userptr = (uintptr_t)frame;
	for (spare.index = 1; spare.index < nr_buffers; spare.index++)
		if (ioctl(device, VIDIOC_QBUF, &spare))
			return -errno;
	return 0;
}

/* Makes the device use the frame. 0 or -errno. */
static int stream_frame(void)
{
	struct pollfd done = { .fd = device, .events = POLLIN };
	int err;

	if (ioctl(device, VIDIOC_QBUF, &held))
		return -errno;
	err = queue_spares();
	if (err)
		return err;
	if (ioctl(device, VIDIOC_STREAMON, &type))
		return -errno;
	if (poll(&done, 1, TIMEOUT_MS) != 1)
		return -ETIMEDOUT;
	if (ioctl(device, VIDIOC_DQBUF, &held) || held.flags & V4L2_BUF_FLAG_ERROR)
		return -EIO;
	return ioctl(device, VIDIOC_STREAMOFF, &type) ? -errno : 0;
}

/*
 * -EBADMSG unless the whole frame is white. The value of white depends on the range of the device.
 * The CPU may not read memory that was pinned with FOLL_FORCE.
 */
static int use_frame(struct pinner *p, const struct iovec *iov)
{
	off_t at = p->scratch->out_start;
	int err = stream_frame();
	ssize_t seen;

	if (err)
		return err;
	seen = pwrite(p->scratch->out, iov->iov_base, iov->iov_len, at);
	if (seen < 0)
		return errno == EFAULT ? 0 : -EIO;
	if (pread(p->scratch->out, frame, seen, at) != seen)
		return -EIO;
	return frame[0] && !memcmp(frame, frame + 1, seen - 1) ? 0 : -EBADMSG;
}

static const struct outcome first_is_dax = {
	.err = EOPNOTSUPP, .step = VMA_FLAGS,
	.reason = "the first vma is of filesystem DAX",
	.function = "get_vaddr_frames(), drivers/media/common/videobuf2/frame_vector.c",
};

/* Before 5.12 it looked for filesystem DAX in the first vma only, and did not pin long-term. */
static struct verdict get_short_term_frames(const struct call *c)
{
	struct call pin = *c;

	if (call_page(c, 0).fsdax)
		return verdict_refused(0, first_is_dax, "one refused page fails the call");
	pin.flags &= ~(FOLL_LONGTERM | GUP_FAST);
	return pinned_at_once(&pin, EFAULT);
}

/*
 * The errno is GUP's when no page is pinned. vb2_create_framevec() returns EFAULT for a short pin.
 */
static struct verdict get_vaddr_frames(const struct call *c)
{
	return kernel_has(FRAMES_LONGTERM) ? pinned_at_once(c, EFAULT) : get_short_term_frames(c);
}

/* Before 6.2 all frames were pinned for write with FOLL_FORCE, also frames that are only read. */
static struct verdict get_forced_vaddr_frames(const struct call *c)
{
	struct call frames = *c;

	if (!kernel_has(FRAMES_NOT_FORCED))
		frames.flags |= FOLL_WRITE | FOLL_FORCE;
	return get_vaddr_frames(&frames);
}

const struct pinner_ops pinner_v4l2_capture = {
	.name = "v4l2_capture",
	.rule = get_forced_vaddr_frames,
	.caller = "get_vaddr_frames(), drivers/media/common/videobuf2/frame_vector.c",
	.flags = GUP_FAST | FOLL_PIN | FOLL_LONGTERM | FOLL_WRITE,
	.scratch = SCRATCH_MEMORY,
	.one_iovec = true,
	.open = capture_open,
	.close = capture_close,
	.take = take_frame,
	.use = use_frame,
	.drop = drop_frame,
};

const struct pinner_ops pinner_v4l2_output = {
	.name = "v4l2_output",
	.rule = get_forced_vaddr_frames,
	.caller = "get_vaddr_frames(), drivers/media/common/videobuf2/frame_vector.c",
	.flags = GUP_FAST | FOLL_PIN | FOLL_LONGTERM,
	.scratch = SCRATCH_MEMORY,
	.one_iovec = true,
	.open = output_open,
	.close = output_close,
	.take = take_frame,
	.drop = drop_frame,
};
