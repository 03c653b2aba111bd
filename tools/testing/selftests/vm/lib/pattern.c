// SPDX-License-Identifier: GPL-2.0
/* What a page holds; see pattern.h. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pattern.h"

#define WORDS (PAGE / sizeof(uint64_t))
#define MIX 0x9e3779b97f4a7c15ULL

size_t page_size;

__attribute__((constructor)) static void learn_page_size(void)
{
	page_size = sysconf(_SC_PAGESIZE);
}

/* One to one in (id, word), so that no two words of any two pages are equal by chance. */
static uint64_t pattern_word(pattern_id id, size_t word)
{
	uint64_t x = (id * WORDS + word) * MIX;

	return x ^ (x >> 32);
}

static uint8_t pattern_byte(pattern_id id, size_t at)
{
	if (id == PATTERN_ZERO)
		return 0;
	return pattern_word(id, at / sizeof(uint64_t)) >> (8 * (at % sizeof(uint64_t)));
}

static bool is_whole(size_t from, size_t to)
{
	return from % sizeof(uint64_t) == 0 && to % sizeof(uint64_t) == 0;
}

void pattern_fill(void *page, pattern_id id, size_t from, size_t to)
{
	volatile uint64_t *words = page;
	volatile uint8_t *bytes = page;
	size_t i;

	if (id != PATTERN_ZERO && is_whole(from, to)) {
		for (i = from / sizeof(*words); i < to / sizeof(*words); i++)
			words[i] = pattern_word(id, i);
		return;
	}
	for (i = from; i < to; i++)
		bytes[i] = pattern_byte(id, i);
}

static size_t first_wrong(const void *page, pattern_id id, size_t from, size_t to)
{
	const volatile uint64_t *words = page;
	const volatile uint8_t *bytes = page;
	size_t i = from;

	if (id != PATTERN_ZERO && is_whole(from, to))
		while (i < to && words[i / sizeof(*words)] == pattern_word(id, i / sizeof(*words)))
			i += sizeof(*words);
	while (i < to && bytes[i] == pattern_byte(id, i))
		i++;
	return i;
}

bool pattern_holds(const void *page, pattern_id id, size_t from, size_t to)
{
	return first_wrong(page, id, from, to) == to;
}

/* The word tells its page: the xor and the product can both be undone. */
static pattern_id who_wrote(uint64_t seen, size_t word)
{
	uint64_t inverse = MIX, x = seen ^ (seen >> 32);
	int i;

	for (i = 0; i < 6; i++)
		inverse *= 2 - MIX * inverse;
	x = x * inverse - word;
	return x % WORDS ? PATTERN_ZERO : x / WORDS;
}

void pattern_explain(const void *page, pattern_id id, size_t from, size_t to, char *text,
		     size_t size)
{
	size_t word = first_wrong(page, id, from, to) / sizeof(uint64_t);
	pattern_id other;
	uint64_t seen;

	memcpy(&seen, (const char *)page + word * sizeof(seen), sizeof(seen));
	other = who_wrote(seen, word);
	if (!seen)
		snprintf(text, size, "word %zu is zero", word);
	else if (other && other >> 32 < 1024)
		snprintf(text, size, "word %zu is of page %u, salt %u, not of page %u, salt %u",
			 word, (uint32_t)other, (uint32_t)(other >> 32), (uint32_t)id,
			 (uint32_t)(id >> 32));
	else
		snprintf(text, size, "word %zu is %#llx", word, (unsigned long long)seen);
}
