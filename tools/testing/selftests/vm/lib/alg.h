/* SPDX-License-Identifier: GPL-2.0 */
/* AF_ALG: the kernel's hashes and ciphers, by a socket. */
#ifndef PFNMAP_ALG_H
#define PFNMAP_ALG_H

/*
 * Since 7.3 the kernel has a list of what may be used (af_alg_check_restriction()): sha1 by all,
 * the others with CAP_NET_ADMIN.
 */
#define ALG_HASH "hash", "sha1"
#define ALG_CIPHER "skcipher", "ctr(aes)"	/* twice is not at all */
#define ALG_AEAD "aead", "ccm(aes)"
#define ALG_KEY_LEN 16				/* of both, in bytes, like the IV */
#define ALG_TAG_LEN 16				/* what the second one adds */

/* The text of a skip; takes strerror(). */
#define ALG_WANTED "AF_ALG: %s (CONFIG_CRYPTO_USER_API_HASH, CONFIG_CRYPTO_SHA1; " \
	"CONFIG_CRYPTO_USER_API_SKCIPHER, CONFIG_CRYPTO_CTR, CONFIG_CRYPTO_AES; " \
	"CONFIG_CRYPTO_USER_API_AEAD, CONFIG_CRYPTO_CCM; since 7.3, run as root)"

/* A socket for messages to the algorithm, or -errno; the caller closes both. */
int alg_open(const char *type, const char *name);

/* A socket for one message, or -errno. */
int alg_begin(int algorithm);

#endif
