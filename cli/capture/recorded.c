/* SPDX-License-Identifier: MIT */
/*
 * recorded.c: one transaction in Android's format of recordings.
 *
 * Called by the reader and the writer of that format, and by replay.  Chunks come in any order;
 * the last one of a type counts; types that are not known are checked and skipped.
 */
#include "cli/capture/recorded.h"

#include <errno.h>
#include <stdlib.h>

enum chunk {
	CHUNK_HEADER = 1,
	CHUNK_REQUEST = 2,
	CHUNK_REPLY = 3,
	CHUNK_INTERFACE = 4,
	CHUNK_REQUEST_OBJECTS = 5,
	CHUNK_END = 0x00ffffff,
	/* Ours. */
	CHUNK_ENDS = 0x42000001,
	CHUNK_SERVICE = 0x42000002,
	CHUNK_METHOD = 0x42000003,
	CHUNK_PROGRAM = 0x42000004,
	CHUNK_REPLY_OBJECTS = 0x42000005,
};

struct header {
	uint32_t code, flags, status, version;
	uint64_t seconds;
	uint32_t nanoseconds, reserved;
};

struct ends {
	uint32_t from_pid, from_tid, to_pid, to_tid, from_uid, to_uid, node, handle;
	uint64_t took_ns;
};

_Static_assert(sizeof(struct header) == 32 && sizeof(struct ends) == 40, "the chunks' layouts");

static void payload_clear(struct recorded_payload *payload)
{
	bytes_free(&payload->data);
	free(payload->offsets);
}

void recording_clear(struct recording *recording)
{
	payload_clear(&recording->request);
	payload_clear(&recording->reply);
	memset(recording, 0, sizeof(*recording));
}

/* ---- writing ------------------------------------------------------------------ */

/* Begins on a multiple of 8, as each chunk before it was one. */
static void put_chunk(struct bytes *bytes, enum chunk type, const void *data, size_t size)
{
	size_t start = bytes->size;
	uint64_t sum = 0;

	bytes_u32(bytes, htole32(type));
	bytes_u32(bytes, htole32((uint32_t)size));
	bytes_put(bytes, data, size);
	bytes_pad(bytes, 8);
	if (bytes->failed)
		return;
	for (size_t at = start; at < bytes->size; at += 8)
		sum ^= le64_at(bytes->data + at);
	bytes_u64(bytes, htole64(sum));
}

static void put_name(struct bytes *bytes, enum chunk type, const char *name)
{
	if (*name)
		put_chunk(bytes, type, name, strlen(name));
}

static void put_offsets(struct bytes *bytes, enum chunk type,
			const struct recorded_payload *payload)
{
	struct bytes offsets = { 0 };

	for (size_t i = 0; i < payload->offset_count; i++)
		bytes_u64(&offsets, htole64(payload->offsets[i]));
	bytes->failed |= offsets.failed;
	put_chunk(bytes, type, offsets.data, offsets.size);
	bytes_free(&offsets);
}

void recording_encode(struct bytes *bytes, const struct recording *r)
{
	struct header header = {
		.code = htole32(r->code),
		.flags = htole32(r->flags),
		.status = htole32((uint32_t)r->status),
		.version = htole32(r->is_rpc),
		.seconds = htole64((uint64_t)r->seconds),
		.nanoseconds = htole32((uint32_t)r->nanoseconds),
	};
	struct ends ends = {
		.from_pid = htole32((uint32_t)r->from_pid),
		.from_tid = htole32((uint32_t)r->from_tid),
		.to_pid = htole32((uint32_t)r->to_pid),
		.to_tid = htole32((uint32_t)r->to_tid),
		.from_uid = htole32(r->from_uid),
		.to_uid = htole32(r->to_uid),
		.node = htole32(r->node),
		.handle = htole32(r->handle),
		.took_ns = htole64(r->took_ns),
	};

	put_chunk(bytes, CHUNK_HEADER, &header, sizeof(header));
	put_chunk(bytes, CHUNK_INTERFACE, r->interface, strlen(r->interface));
	put_chunk(bytes, CHUNK_REQUEST, r->request.data.data, r->request.data.size);
	put_chunk(bytes, CHUNK_REPLY, r->reply.data.data, r->reply.data.size);
	put_offsets(bytes, CHUNK_REQUEST_OBJECTS, &r->request);
	put_chunk(bytes, CHUNK_ENDS, &ends, sizeof(ends));
	put_name(bytes, CHUNK_SERVICE, r->service);
	put_name(bytes, CHUNK_METHOD, r->method);
	put_name(bytes, CHUNK_PROGRAM, r->program);
	if (r->reply.offset_count)
		put_offsets(bytes, CHUNK_REPLY_OBJECTS, &r->reply);
	put_chunk(bytes, CHUNK_END, NULL, 0);
}

/* ---- reading ------------------------------------------------------------------ */

bool recorded_is(const uint8_t first[8])
{
	uint32_t type = le32_at(first), size = le32_at(first + 4);

	return (type == CHUNK_HEADER && size == sizeof(struct header)) ||
	       (type >= CHUNK_REQUEST && type <= CHUNK_REQUEST_OBJECTS && size <= RECORDED_MAX);
}

static bool bad(struct recorded_file *file, const char *why)
{
	file->error = why;
	return false;
}

/* false with *error NULL: the file ends before the first byte. */
static bool read_some(struct recorded_file *file, uint8_t *to, size_t size)
{
	size_t had = file->first_size < size ? file->first_size : size, got;

	memcpy(to, file->first, had);
	memmove(file->first, file->first + had, file->first_size - had);
	file->first_size -= had;
	got = had + fread(to + had, 1, size - had, file->in);
	file->error = NULL;
	if (got == size)
		return true;
	if (ferror(file->in))
		return bad(file, strerror(errno));
	return got ? bad(file, "it ends in the middle of a chunk") : false;
}

/* A chunk's data, without its padding; zero bytes follow it. */
static bool read_chunk(struct recorded_file *file, uint32_t *type, uint8_t **data, size_t *size)
{
	uint8_t head[8];
	uint64_t sum;
	size_t padded;

	if (!read_some(file, head, sizeof(head)))
		return false;
	*type = le32_at(head);
	*size = le32_at(head + 4);
	if (*size > RECORDED_MAX)
		return bad(file, "a chunk is too large");
	padded = (*size + 7) & ~(size_t)7;
	*data = malloc(padded + 8);
	if (!*data)
		return bad(file, "out of memory");
	if (!read_some(file, *data, padded + 8)) {
		free(*data);
		return bad(file, file->error ? file->error : "it ends in the middle of a chunk");
	}
	sum = le64_at(head);
	for (size_t at = 0; at < padded + 8; at += 8)
		sum ^= le64_at(*data + at);
	if (sum) {
		free(*data);
		return bad(file, "the checksum of a chunk is wrong");
	}
	return true;
}

static bool take_bytes(struct recorded_file *file, struct bytes *to, const uint8_t *data,
		       size_t size)
{
	to->size = 0;
	bytes_put(to, data, size);
	return !to->failed || bad(file, "out of memory");
}

/* Offsets of several chunks follow each other. */
static bool take_offsets(struct recorded_file *file, struct recorded_payload *to,
			 const uint8_t *data, size_t size)
{
	size_t count = size / 8;
	uint64_t *larger;

	if (size % 8 || to->offset_count + count > RECORDED_MAX / 8)
		return bad(file, "the offsets of a payload are no row of numbers");
	if (!count)
		return true;
	larger = realloc(to->offsets, (to->offset_count + count) * sizeof(*larger));
	if (!larger)
		return bad(file, "out of memory");
	to->offsets = larger;
	for (size_t i = 0; i < count; i++)
		to->offsets[to->offset_count++] = le64_at(data + 8 * i);
	return true;
}

static bool take_name(char to[RECORDED_MAX_NAME + 1], const uint8_t *data, size_t size)
{
	size = size < RECORDED_MAX_NAME ? size : RECORDED_MAX_NAME;
	memcpy(to, data, size);
	to[size] = 0;
	return true;
}

static bool take_header(struct recorded_file *file, struct recording *r, const uint8_t *data,
			size_t size)
{
	struct header header;

	if (size != sizeof(header))
		return bad(file, "a header has another size");
	memcpy(&header, data, sizeof(header));
	r->code = le32toh(header.code);
	r->flags = le32toh(header.flags);
	r->status = (int32_t)le32toh(header.status);
	r->is_rpc = le32toh(header.version);
	r->seconds = (int64_t)le64toh(header.seconds);
	r->nanoseconds = (int32_t)le32toh(header.nanoseconds);
	return true;
}

static bool take_ends(struct recorded_file *file, struct recording *r, const uint8_t *data,
		      size_t size)
{
	struct ends ends;

	if (size < sizeof(ends))
		return bad(file, "what it says of the two processes is too short");
	memcpy(&ends, data, sizeof(ends));
	r->from_pid = (int32_t)le32toh(ends.from_pid);
	r->from_tid = (int32_t)le32toh(ends.from_tid);
	r->to_pid = (int32_t)le32toh(ends.to_pid);
	r->to_tid = (int32_t)le32toh(ends.to_tid);
	r->from_uid = le32toh(ends.from_uid);
	r->to_uid = le32toh(ends.to_uid);
	r->node = le32toh(ends.node);
	r->handle = le32toh(ends.handle);
	r->took_ns = le64toh(ends.took_ns);
	return true;
}

static bool take_chunk(struct recorded_file *file, struct recording *r, uint32_t type,
		       const uint8_t *data, size_t size)
{
	switch (type) {
	case CHUNK_HEADER:
		return take_header(file, r, data, size);
	case CHUNK_REQUEST:
		return take_bytes(file, &r->request.data, data, size);
	case CHUNK_REPLY:
		return take_bytes(file, &r->reply.data, data, size);
	case CHUNK_INTERFACE:
		return take_name(r->interface, data, size);
	case CHUNK_REQUEST_OBJECTS:
		return take_offsets(file, &r->request, data, size);
	case CHUNK_ENDS:
		return take_ends(file, r, data, size);
	case CHUNK_SERVICE:
		return take_name(r->service, data, size);
	case CHUNK_METHOD:
		return take_name(r->method, data, size);
	case CHUNK_PROGRAM:
		return take_name(r->program, data, size);
	case CHUNK_REPLY_OBJECTS:
		return take_offsets(file, &r->reply, data, size);
	default:
		return true;
	}
}

enum recorded_result recording_read(struct recorded_file *file, struct recording *recording)
{
	bool begun = false;
	uint32_t type;
	uint8_t *data;
	size_t size;

	recording_clear(recording);
	do {
		bool good;

		if (!read_chunk(file, &type, &data, &size)) {
			if (!file->error && !begun)
				return RECORDED_END;
			if (!file->error)
				bad(file, "it ends in the middle of a recording");
			return RECORDED_BAD;
		}
		begun = true;
		good = take_chunk(file, recording, type, data, size);
		free(data);
		if (!good)
			return RECORDED_BAD;
	} while (type != CHUNK_END);
	return RECORDED_ONE;
}
