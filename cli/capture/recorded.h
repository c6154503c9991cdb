/* SPDX-License-Identifier: MIT */
/*
 * recorded.h: one transaction in Android's format of recordings (RecordedTransaction).
 *
 * A file is any number of recordings; each is a row of chunks up to an end chunk: u32 type, u32
 * size, data, zeroes up to a multiple of 8, and a u64 that makes the XOR of all words 0.
 * Android's chunks have the call and its reply.  Who called, the service's name and the reply's
 * objects are in chunks of our own, which Android skips.  All numbers are little-endian.
 */
#ifndef CLI_CAPTURE_RECORDED_H
#define CLI_CAPTURE_RECORDED_H

#include <stdio.h>

#include "cli/capture/bytes.h"

#define RECORDED_MAX_NAME 255
/* Larger than any transaction: chunks beyond it are refused. */
#define RECORDED_MAX (16u << 20)

struct recorded_payload {
	struct bytes data;
	uint64_t *offsets;
	size_t offset_count;
};

struct recording {
	uint32_t code, flags;
	int32_t status;  /* what the service returned */
	uint32_t is_rpc; /* 0: of a Binder driver */
	int64_t seconds; /* since 1970 */
	int32_t nanoseconds;
	struct recorded_payload request, reply;
	char interface[RECORDED_MAX_NAME + 1]; /* "": none */
	/* Of ours; 0 and "" where they are not known. */
	char service[RECORDED_MAX_NAME + 1], method[RECORDED_MAX_NAME + 1];
	char program[RECORDED_MAX_NAME + 1];
	int32_t from_pid, from_tid, to_pid, to_tid;
	uint32_t from_uid, to_uid, node, handle;
	uint64_t took_ns;
};

void recording_clear(struct recording *recording);
/* Appends it to the bytes; the payloads' numbers as they are. */
void recording_encode(struct bytes *bytes, const struct recording *recording);

enum recorded_result {
	RECORDED_ONE,
	RECORDED_END,
	RECORDED_BAD, /* *error says why */
};

/* Reads chunks one after the other. */
struct recorded_file {
	FILE *in;
	uint8_t first[8]; /* read already */
	size_t first_size;
	const char *error;
};

/* Replaces *recording, which must be zeroed or from the last call. */
enum recorded_result recording_read(struct recorded_file *file, struct recording *recording);

/* Do a file's first 8 bytes look like a chunk? */
bool recorded_is(const uint8_t first[8]);

#endif
