// SPDX-License-Identifier: GPL-2.0
/*
 * AF_ALG's hashes and ciphers work on user pages without a copy: every mapping. And a message that
 * meets a refused page and continues behind it.
 */
#include <sys/mman.h>
#include <sys/socket.h>

#define SUITE_PINNERS(PINNER) ALG_PINNERS(PINNER)
#include "lib/suite.h"
#include "lib/alg.h"
#include "contract/defect.h"

#define MANY 17	/* pages, one more than the kernel takes at once: ALG_MAX_PAGES, crypto/af_alg.h */

/* Many pages, followed by a hole. */
FIXTURE(message)
{
	char *pages;
	int hash;
};

FIXTURE_SETUP(message)
{
	unsigned int i;

	self->hash = alg_open(ALG_HASH);
	self->pages = mmap(NULL, (MANY + 1) * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->pages);
	munmap(self->pages + MANY * PAGE, PAGE);
	for (i = 0; i < MANY; i++)
		pattern_fill(self->pages + i * PAGE, PATTERN_ID(1, i), 0, PAGE);
}

FIXTURE_TEARDOWN(message)
{
	munmap(self->pages, MANY * PAGE);
	if (self->hash >= 0)
		close(self->hash);
}

/* The digest of a message of two parts; the first part is cut at the hole. */
static ssize_t digest(int hash, const char *pages, size_t first, size_t second, unsigned int *sum)
{
	int message = alg_begin(hash);
	ssize_t sent = send(message, pages, first, MSG_MORE);

	if (send(message, pages, second, 0) != (ssize_t)second ||
	    recv(message, sum, sizeof(*sum), 0) != sizeof(*sum))
		sent = -errno;
	close(message);
	return sent;
}

TEST_F(message, has_all_that_was_sent_in_its_digest_although_a_page_was_refused)
{
	const struct defect *known = defect_find_flaw(&pinner_alg_hash, LOSES_BYTES);
	unsigned int whole, cut;
	ssize_t sent;

	if (self->hash < 0)
		SUITE_SKIP(ALG_WANTED, strerror(-self->hash));
	defect_look_for(known);
	sent = digest(self->hash, self->pages, (MANY + 1) * PAGE, PAGE, &cut);
	ASSERT_LT(0, sent);
	ASSERT_GE((ssize_t)(MANY * PAGE), sent);
	ASSERT_EQ(sent, digest(self->hash, self->pages, sent, PAGE, &whole));
	if (cut != whole && known) {
		SUITE_XFAIL(defect_reference(known));
		return;
	}
	EXPECT_EQ(whole, cut);
}

SUITE_MAIN
