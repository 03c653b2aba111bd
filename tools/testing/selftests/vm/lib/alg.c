// SPDX-License-Identifier: GPL-2.0
/* AF_ALG; see alg.h and Documentation/crypto/userspace-if.rst. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/if_alg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "alg.h"

int alg_open(const char *type, const char *name)
{
	struct sockaddr_alg address = { .salg_family = AF_ALG };
	int algorithm = socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	int err;

	if (algorithm < 0)
		return -errno;
	snprintf((char *)address.salg_type, sizeof(address.salg_type), "%s", type);
	snprintf((char *)address.salg_name, sizeof(address.salg_name), "%s", name);
	if (!bind(algorithm, (struct sockaddr *)&address, sizeof(address)))
		return algorithm;
	err = -errno;
	close(algorithm);
	return err;
}

int alg_begin(int algorithm)
{
	int message = accept4(algorithm, NULL, NULL, SOCK_CLOEXEC);
	const int room = INT_MAX;

	if (message < 0)
		return -errno;
	/* As much as the kernel allows: a text of large pages would wait for its reader. */
	setsockopt(message, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	return message;
}
