// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel TLS encrypts from user pages and decrypts to user pages in place (net/tls/tls_sw.c). Data
 * of pages that it cannot take for sending is copied. A record that it cannot receive is lost, and
 * the connection is broken. No privilege is needed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/tls.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../lib/loopback.h"
#include "pinner.h"

#ifndef SOL_TLS
#define SOL_TLS 282
#endif
#ifndef TLS_CIPHER_CHACHA20_POLY1305	/* <linux/tls.h> has it since 5.11 */
#define TLS_CIPHER_CHACHA20_POLY1305 54

struct tls12_crypto_info_chacha20_poly1305 {
	struct tls_crypto_info info;
	unsigned char iv[12], key[32], rec_seq[8];
};
#endif
#define RECORD_BYTES 16384	/* TLS_MAX_PAYLOAD_SIZE in include/net/tls.h */
#define RECORD_PAGES 4		/* that have so many, at least */

static struct loopback connection;
static bool connected;
static int nr_iovecs;		/* iovecs of the last call */
static char text[RECORD_PAGES * MAX_PAGE];

/* A synchronous cipher: with an asynchronous one tls_sw.c copies. */
static int enable_tls(int fd, int direction)
{
	const struct tls12_crypto_info_chacha20_poly1305 cipher = {
		.info.version = TLS_1_2_VERSION,
		.info.cipher_type = TLS_CIPHER_CHACHA20_POLY1305,
	};

	if (setsockopt(fd, SOL_TCP, TCP_ULP, "tls", sizeof("tls")))
		return -1;
	return setsockopt(fd, SOL_TLS, direction, &cipher, sizeof(cipher));
}

/* Connects unless there is a connection; a failed call may have closed it. 0 or -errno. */
static int connect_tls(void)
{
	int err;

	if (connected)
		return 0;
	if (loopback_open(&connection, AF_INET, SOCK_STREAM))
		return -errno;
	connected = !enable_tls(connection.from, TLS_TX) && !enable_tls(connection.to, TLS_RX);
	if (connected)
		return 0;
	err = -errno;
	loopback_close(&connection);
	return err;
}

static void disconnect(void)
{
	if (connected)
		loopback_close(&connection);
	connected = false;
}

static int tls_open(struct pinner *p)
{
	int err = connect_tls();

	if (!err)
		return 0;
	return pinner_skip(p, "no TLS over loopback: %s: modprobe tls "
			   "(CONFIG_TLS, CONFIG_CRYPTO_CHACHA20POLY1305, 5.11)", strerror(-err));
}

static void tls_close(struct pinner *p __maybe_unused)
{
	disconnect();
}

/* The connection stays usable after EFAULT. */
static ssize_t send_copy(struct pinner *p __maybe_unused, enum direction dir __maybe_unused,
			 const struct iovec *iov, int n, char *bounce)
{
	const struct msghdr msg = { .msg_iov = (struct iovec *)iov, .msg_iovlen = n };
	ssize_t got;

	if (connect_tls())
		return -EAGAIN;
	got = sendmsg(connection.from, &msg, 0);
	if (got < 0 && errno == EFAULT)
		return -EFAULT;
	got = got < 0 ? -errno : read_all(connection.to, bounce, got);
	if (got < 0)
		disconnect();
	return got;
}

static ssize_t tls_send_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
			   off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, send_copy);
}

static int tls_recv_open(struct pinner *p)
{
	pinner_write_text(text, RECORD_PAGES);
	return tls_open(p);
}

/* One record, not larger than the iovecs; otherwise tls_sw.c copies it. */
static ssize_t take_tls_recv(struct pinner *p __maybe_unused, const struct iovec *iov, int n)
{
	struct msghdr msg = { .msg_iov = (struct iovec *)iov, .msg_iovlen = n };
	ssize_t len = pinner_length(iov, n), got;

	if (connect_tls())
		return -EAGAIN;
	nr_iovecs = n;
	got = send(connection.from, text, len, 0);
	if (got == len)
		got = recvmsg(connection.to, &msg, 0);
	if (got >= 0)
		return got;
	got = -errno;
	disconnect();
	return got;
}

static int use_tls_recv(struct pinner *p __maybe_unused, const struct iovec *iov)
{
	return pinner_holds_text(iov, nr_iovecs, text);
}

const struct pinner_ops pinner_tls_send = {
	.name = "tls_send",
	.rule = cpu_copies_whole,
	.caller = "tls_sw_sendmsg(), net/tls/tls_sw.c",
	.no_memory = EBADMSG,	/* tls_err_abort(), when nothing can be encrypted */
	.cpu_copies = true,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_bytes = RECORD_BYTES,
	.one_way = true,
	.open = tls_open,
	.close = tls_close,
	.io = tls_send_io,
};

/* The errno of a refusal is EFAULT, not GUP's. */
static struct verdict tls_setup_from_iter(const struct call *c)
{
	return verdict_errno(page_by_page(c), EFAULT);
}

const struct pinner_ops pinner_tls_recv = {
	.name = "tls_recv",
	.rule = tls_setup_from_iter,
	.caller = "tls_setup_from_iter(), net/tls/tls_sw.c",
	.flags = GUP_FAST | FOLL_GET | FOLL_WRITE,
	.no_memory = EBADMSG,	/* tls_err_abort(), when nothing can be decrypted */
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_bytes = RECORD_BYTES,
	.open = tls_recv_open,
	.close = tls_close,
	.take = take_tls_recv,
	.use = use_tls_recv,
};
