/* SPDX-License-Identifier: MIT */
/*
 * words.h: what the parties of a storm say to each other, and how it is checked.
 *
 * Request: a head, room for one object, then bytes made from the seed.
 * Reply: a word that is 1 when the service met the object as it should, room
 * for a file, then bytes made from all of the request.
 */
#ifndef TESTS_LOAD_WORDS_H
#define TESTS_LOAD_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "channel/raw.h"

enum party_code {
	PARTY_PLAIN = 1,
	PARTY_CALLBACK, /* with an object, which the service calls before it answers */
	PARTY_FILE,     /* with a file, and one comes back */
	PARTY_KEEP,     /* with an object, which the service keeps until its owner dies */
	PARTY_ONEWAY,
};

struct words_head {
	uint64_t seed;
	uint32_t reply_size;
	uint32_t object; /* its address at its owner's */
};

#define WORDS_OBJECT_ROOM sizeof(struct flat_binder_object)
#define WORDS_BODY (sizeof(struct words_head) + WORDS_OBJECT_ROOM)
#define WORDS_REPLY_FILE sizeof(uint64_t)
#define WORDS_FILE UINT64_C(0x66696c6520776f72) /* what is in every file */

uint64_t words_mix(uint64_t x);
void words_fill(char *data, size_t size, uint64_t seed);
/* What the service answers; its size.  @reply has room for WORDS_BODY more than asked for. */
size_t words_reply(uint32_t code, const char *data, size_t size, char *reply);

#endif
