/* SPDX-License-Identifier: MIT */
/*
 * words.c: makes requests and answers that cannot be taken for others.
 *
 * Called by the clients (party.c) and the service (service.c).
 */
#include "words.h"

#include <string.h>

uint64_t words_mix(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

void words_fill(char *data, size_t size, uint64_t seed)
{
	for (size_t at = 0; at < size; at += sizeof(seed)) {
		size_t part = size - at < sizeof(seed) ? size - at : sizeof(seed);

		seed = words_mix(seed + at + 1);
		memcpy(data + at, &seed, part);
	}
}

static uint64_t sum(const char *data, size_t size)
{
	uint64_t all = size, word;

	for (size_t at = 0; at < size; at += sizeof(word)) {
		word = 0;
		memcpy(&word, data + at, size - at < sizeof(word) ? size - at : sizeof(word));
		all = words_mix(all ^ word);
	}
	return all;
}

size_t words_reply(uint32_t code, const char *data, size_t size, char *reply)
{
	const uint64_t met = 1;
	struct words_head head;

	memcpy(&head, data, sizeof(head));
	memset(reply, 0, WORDS_BODY);
	memcpy(reply, &met, sizeof(met));
	/* Objects change on their way: only what lies around them counts. */
	words_fill(reply + WORDS_BODY, head.reply_size,
		   sum(data, sizeof(head)) ^ sum(data + WORDS_BODY, size - WORDS_BODY) ^ code);
	return WORDS_BODY + head.reply_size;
}
