/* SPDX-License-Identifier: MIT */
/*
 * bytes.h: bytes that are put together for a file, and numbers that are taken from one.
 *
 * A block grows in memory and leaves in one write.  A failed allocation is remembered, so
 * that it need be looked for only once, at the end.
 */
#ifndef CLI_CAPTURE_BYTES_H
#define CLI_CAPTURE_BYTES_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	uint8_t *data;
	size_t size, room;
	bool failed; /* no memory */
};

void bytes_free(struct bytes *bytes);
void bytes_put(struct bytes *bytes, const void *data, size_t size);
/* Zeroes up to a multiple of a power of two. */
void bytes_pad(struct bytes *bytes, size_t multiple);

/* In the machine's order. */
static inline void bytes_u16(struct bytes *bytes, uint16_t number)
{
	bytes_put(bytes, &number, sizeof(number));
}

static inline void bytes_u32(struct bytes *bytes, uint32_t number)
{
	bytes_put(bytes, &number, sizeof(number));
}

static inline void bytes_u64(struct bytes *bytes, uint64_t number)
{
	bytes_put(bytes, &number, sizeof(number));
}

/* Little-endian numbers at any address. */
static inline uint16_t le16_at(const uint8_t *at)
{
	uint16_t number;

	memcpy(&number, at, sizeof(number));
	return le16toh(number);
}

static inline uint32_t le32_at(const uint8_t *at)
{
	uint32_t number;

	memcpy(&number, at, sizeof(number));
	return le32toh(number);
}

static inline uint64_t le64_at(const uint8_t *at)
{
	uint64_t number;

	memcpy(&number, at, sizeof(number));
	return le64toh(number);
}

#endif
