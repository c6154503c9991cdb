/* SPDX-License-Identifier: MIT */
/*
 * input.h: the bytes that steer a fuzzer, taken one decision at a time.
 *
 * Used by every harness.  An input that has run out answers 0, so a prefix of
 * an input is an input too, and a short one still ends cleanly.
 */
#ifndef TESTS_FUZZ_INPUT_H
#define TESTS_FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct input {
	const uint8_t *data;
	size_t left;
};

static inline bool input_empty(const struct input *in)
{
	return !in->left;
}

/* Up to size bytes; the rest of dst is zeroed.  Returns how many there were. */
static inline size_t input_bytes(struct input *in, void *dst, size_t size)
{
	size_t have = size < in->left ? size : in->left;

	memset(dst, 0, size);
	if (have)
		memcpy(dst, in->data, have);
	in->data += have;
	in->left -= have;
	return have;
}

static inline uint8_t input_u8(struct input *in)
{
	uint8_t value;

	input_bytes(in, &value, sizeof(value));
	return value;
}

static inline uint16_t input_u16(struct input *in)
{
	uint16_t value;

	input_bytes(in, &value, sizeof(value));
	return value;
}

static inline uint32_t input_u32(struct input *in)
{
	uint32_t value;

	input_bytes(in, &value, sizeof(value));
	return value;
}

static inline uint64_t input_u64(struct input *in)
{
	uint64_t value;

	input_bytes(in, &value, sizeof(value));
	return value;
}

/* What a fuzzer reports: something that must hold does not. */
#define FUZZ_EXPECT(condition, ...) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: expected %s: ", __FILE__, __LINE__, #condition); \
			fprintf(stderr, __VA_ARGS__); \
			fputc('\n', stderr); \
			abort(); \
		} \
	} while (0)

/* libFuzzer's two entry points; replay_main.c calls them where there is none. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
