// SPDX-License-Identifier: GPL-2.0
/*
 * AF_ALG: the crypto API of the kernel accesses user pages in place. A hash reads the pages of a
 * message (crypto/algif_hash.c), a cipher writes its output to the pages of a receiver
 * (crypto/algif_skcipher.c, crypto/algif_aead.c). The pages are held during the call only.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <linux/if_alg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/alg.h"
#include "../lib/patience.h"
#include "pinner.h"

#define ALG_PAGES 16	/* ALG_MAX_PAGES: the kernel splits a longer request */
#define TRIES 10

static int algorithm;
static int nr_iovecs;		/* of the last call */
static ssize_t hashed;		/* bytes, or -errno, of the last call */
static uint32_t digest;		/* of these bytes, its first four */
static char text[ALG_PAGES * MAX_PAGE];
static char sealed[ALG_PAGES * MAX_PAGE + ALG_TAG_LEN];	/* the text, encrypted */

static int open_algorithm(struct pinner *p, const char *type, const char *name)
{
	algorithm = alg_open(type, name);
	return algorithm < 0 ? pinner_skip(p, ALG_WANTED, strerror(-algorithm)) : 0;
}

static void alg_close(struct pinner *p __maybe_unused)
{
	close(algorithm);
}

static int hash_open(struct pinner *p)
{
	return open_algorithm(p, ALG_HASH);
}

/* Bytes hashed, or -errno. */
static ssize_t hash(const struct iovec *iov, int n, uint32_t *sum)
{
	const struct msghdr msg = { .msg_iov = (struct iovec *)iov, .msg_iovlen = n };
	int message = alg_begin(algorithm);
	ssize_t got;

	if (message < 0)
		return message;
	got = sendmsg(message, &msg, 0);
	if (got < 0 || recv(message, sum, sizeof(*sum), 0) != sizeof(*sum))
		got = -errno;
	close(message);
	return got;
}

static ssize_t take_hash(struct pinner *p __maybe_unused, const struct iovec *iov, int n)
{
	nr_iovecs = n;
	hashed = hash(iov, n, &digest);
	return hashed;
}

/* The digest of the bytes that the CPU reads from the memory. 0 or -EIO. */
static int hash_copy(struct pinner *p, const struct iovec *iov, uint32_t *sum)
{
	const struct iovec copy = { text, pinner_length(iov, nr_iovecs) };
	ssize_t len = copy.iov_len;

	if (pwritev(p->scratch->out, iov, nr_iovecs, p->scratch->out_start) != len ||
	    pread(p->scratch->out, text, len, p->scratch->out_start) != len ||
	    hash(&copy, 1, sum) != len)
		return -EIO;
	return 0;
}

/* Does the kernel write to the memory, with each tick? */
static bool changes(struct pinner *p, const struct iovec *iov, uint32_t before)
{
	struct patience patience;
	uint32_t now;

	patience_begin(&patience);
	do {
		if (hash_copy(p, iov, &now))
			return false;
	} while (now == before && patience_wait(&patience));
	return now != before;
}

/*
 * -EBADMSG when the digest is not that of the memory. vvar, whose pages are taken since 7.2,
 * changes between hash and copy: memory that changes is hashed again. A short message is not
 * finished and has no digest.
 */
static int use_hash(struct pinner *p, const struct iovec *iov)
{
	ssize_t len = pinner_length(iov, nr_iovecs);
	uint32_t expected;
	int i;

	if (hashed < len)
		return 0;
	for (i = 0; i < TRIES; i++) {
		if (hash_copy(p, iov, &expected))
			return -EIO;
		if (digest == expected)
			return 0;
		if (!changes(p, iov, expected))
			break;
		if (hash(iov, nr_iovecs, &digest) != len)
			return -EIO;
	}
	return -EBADMSG;
}

static void set_control(struct cmsghdr *header, int type, const void *data, size_t len)
{
	header->cmsg_level = SOL_ALG;
	header->cmsg_type = type;
	header->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(header), data, len);
}

/* The kernel copies the input, and writes the output to the iovecs. Bytes of it, or -errno. */
static ssize_t cipher_message(int message, uint32_t op, struct iovec in, const struct iovec *iov,
			     int n)
{
	/* That of ccm(aes) begins with the size of the length of a message, less one (RFC 3610). */
	const uint32_t iv[1 + ALG_KEY_LEN / sizeof(uint32_t)] = { ALG_KEY_LEN, htole32(3) };
	char control[CMSG_SPACE(sizeof(op)) + CMSG_SPACE(sizeof(iv))] __aligned(8) = {};
	struct msghdr msg = { .msg_iov = &in, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *first = CMSG_FIRSTHDR(&msg);
	ssize_t got;

	set_control(first, ALG_SET_OP, &op, sizeof(op));
	set_control(CMSG_NXTHDR(&msg, first), ALG_SET_IV, iv, sizeof(iv));
	if (sendmsg(message, &msg, 0) != (ssize_t)in.iov_len)
		return -errno;
	msg = (struct msghdr){ .msg_iov = (struct iovec *)iov, .msg_iovlen = n };
	got = recvmsg(message, &msg, 0);
	return got < 0 ? -errno : got;
}

static ssize_t run_cipher(uint32_t op, struct iovec in, const struct iovec *iov, int n)
{
	int message = alg_begin(algorithm);
	ssize_t got;

	if (message < 0)
		return message;
	got = cipher_message(message, op, in, iov, n);
	close(message);
	return got;
}

static ssize_t take_cipher(struct pinner *p __maybe_unused, const struct iovec *iov, int n)
{
	const struct iovec in = { sealed, pinner_length(iov, n) };

	nr_iovecs = n;
	return run_cipher(ALG_OP_DECRYPT, in, iov, n);
}

/* The tag, with which the input ends, is that of a text of this length. */
static ssize_t take_aead(struct pinner *p __maybe_unused, const struct iovec *iov, int n)
{
	const struct iovec part = { text, pinner_length(iov, n) };
	const struct iovec in = { sealed, part.iov_len + ALG_TAG_LEN };
	ssize_t got = run_cipher(ALG_OP_ENCRYPT, part, &in, 1);

	if (got != (ssize_t)in.iov_len)
		return got < 0 ? got : -EIO;
	nr_iovecs = n;
	return run_cipher(ALG_OP_DECRYPT, in, iov, n);
}

/* With a key of zeros. */
static int set_key(struct pinner *p)
{
	static const char key[ALG_KEY_LEN];

	pinner_write_text(text, ALG_PAGES);
	if (!setsockopt(algorithm, SOL_ALG, ALG_SET_KEY, key, sizeof(key)))
		return 0;
	close(algorithm);
	return pinner_skip(p, ALG_WANTED, strerror(errno));
}

static int cipher_open(struct pinner *p)
{
	const struct iovec whole = { text, ALG_PAGES * PAGE };
	const struct iovec out = { sealed, whole.iov_len };
	ssize_t got;

	if (open_algorithm(p, ALG_CIPHER) || set_key(p))
		return -1;
	got = run_cipher(ALG_OP_ENCRYPT, whole, &out, 1);
	if (got == (ssize_t)whole.iov_len)
		return 0;
	close(algorithm);
	return pinner_skip(p, ALG_WANTED, strerror(got < 0 ? -got : EIO));
}

static int aead_open(struct pinner *p)
{
	if (open_algorithm(p, ALG_AEAD) || set_key(p))
		return -1;
	if (!setsockopt(algorithm, SOL_ALG, ALG_SET_AEAD_AUTHSIZE, NULL, ALG_TAG_LEN))
		return 0;
	close(algorithm);
	return pinner_skip(p, ALG_WANTED, strerror(errno));
}

static int use_cipher(struct pinner *p __maybe_unused, const struct iovec *iov)
{
	return pinner_holds_text(iov, nr_iovecs, text);
}

/* Before 6.5 iov_iter_get_pages2() took the pages, with FOLL_GET. */
static struct call iov_iter_call(const struct call *c)
{
	struct call call = *c;

	call.flags |= kernel_has(ALG_HASH_WHOLE) ? FOLL_PIN : FOLL_GET;
	return call;
}

static struct verdict hash_sendmsg(const struct call *c)
{
	struct call call = iov_iter_call(c);

	if (kernel_has(ALG_HASH_WHOLE))
		return pinned_iovec_by_iovec(&call, call_gup);
	return short_count(&call);
}

static struct verdict af_alg_get_rsgl(const struct call *c)
{
	struct call call = iov_iter_call(c);

	return pinned_iovec_by_iovec(&call, call_gup);
}

static const struct defect hash_defects[] = {
	{ .id = ALG_HASH_LOSES_BYTES, .flaw = LOSES_BYTES },
	{}
};

const struct pinner_ops pinner_alg_hash = {
	.name = "alg_hash",
	.rule = hash_sendmsg,
	.caller = "hash_sendmsg(), crypto/algif_hash.c",
	.flags = GUP_FAST,
	.defects = hash_defects,
	.scratch = SCRATCH_MEMORY,
	.align = 1,
	.max_pages = ALG_PAGES,
	.open = hash_open,
	.close = alg_close,
	.take = take_hash,
	.use = use_hash,
};

/* Who receives: the kernel writes its output to the pages, whatever the algorithm. */
#define ALG_RECEIVER						\
	.rule = af_alg_get_rsgl,				\
	.caller = "af_alg_get_rsgl(), crypto/af_alg.c",	\
	.flags = GUP_FAST | FOLL_WRITE,				\
	.scratch = SCRATCH_MEMORY,				\
	.align = 1,						\
	.max_pages = ALG_PAGES,					\
	.close = alg_close,					\
	.use = use_cipher

const struct pinner_ops pinner_alg_cipher = {
	.name = "alg_cipher",
	ALG_RECEIVER,
	.open = cipher_open,
	.take = take_cipher,
};

const struct pinner_ops pinner_alg_aead = {
	.name = "alg_aead",
	ALG_RECEIVER,
	.open = aead_open,
	.take = take_aead,
};
