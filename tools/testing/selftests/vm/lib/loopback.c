// SPDX-License-Identifier: GPL-2.0
/* Two ends of one connection; see loopback.h. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loopback.h"

/* A listener's next connection is a socket of its own. Returns that, or -1; the listener is closed. */
static int accept_one(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	close(listener);
	return fd;
}

int loopback_open(struct loopback *l, int type)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(addr);
	int err;

	l->from = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	l->to = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	if (l->from >= 0 && l->to >= 0 && !bind(l->to, (struct sockaddr *)&addr, len) &&
	    (type == SOCK_DGRAM || !listen(l->to, 1)) &&
	    !getsockname(l->to, (struct sockaddr *)&addr, &len) &&
	    !connect(l->from, (struct sockaddr *)&addr, len)) {
		if (type == SOCK_STREAM)
			l->to = accept_one(l->to);
		if (l->to >= 0)
			return 0;
	}
	err = errno;
	loopback_close(l);
	errno = err;
	return -1;
}

void loopback_close(struct loopback *l)
{
	close(l->from);
	close(l->to);
}

ssize_t read_all(int fd, char *buf, ssize_t len)
{
	ssize_t got, done;

	for (done = 0; done < len; done += got) {
		got = read(fd, buf + done, len - done);
		if (got <= 0)
			return got ? -errno : done;
	}
	return len;
}
