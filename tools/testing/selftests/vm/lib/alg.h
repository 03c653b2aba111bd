/* SPDX-License-Identifier: GPL-2.0 */
/* AF_ALG: the kernel's hashes and ciphers, by a socket. */
#ifndef PFNMAP_ALG_H
#define PFNMAP_ALG_H

#define ALG_HASH "hash", "crc32c"
#define ALG_CIPHER "skcipher", "ecb(cipher_null)"	/* what comes out is what went in */

/* The text of a skip; takes strerror(). */
#define ALG_WANTED "AF_ALG: %s (CONFIG_CRYPTO_USER_API_HASH, CONFIG_CRYPTO_USER_API_SKCIPHER, CONFIG_CRYPTO_NULL)"

/* A socket for messages to the algorithm, or -errno; the caller closes both. */
int alg_open(const char *type, const char *name);

/* A socket for one message, or -errno. */
int alg_begin(int algorithm);

#endif
