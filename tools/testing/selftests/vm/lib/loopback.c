// SPDX-License-Identifier: GPL-2.0
/* Two ends of one TCP connection; see loopback.h. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loopback.h"

int loopback_open(struct loopback *l)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(addr);

	l->from = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	l->to = -1;
	if (!bind(listener, (struct sockaddr *)&addr, len) && !listen(listener, 1) &&
	    !getsockname(listener, (struct sockaddr *)&addr, &len) &&
	    !connect(l->from, (struct sockaddr *)&addr, len))
		l->to = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	close(listener);
	if (l->to >= 0)
		return 0;
	close(l->from);
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
