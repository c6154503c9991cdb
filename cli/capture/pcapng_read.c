/* SPDX-License-Identifier: MIT */
/*
 * pcapng_read.c: events from a pcapng file, for reader.h.
 *
 * Reads a block at a time.  Sections of either byte order, blocks of unknown types and packets of
 * other protocols are allowed; the latter are skipped.  A packet that says when its transaction was
 * sent gives two events.
 */
#include <byteswap.h>
#include <errno.h>
#include <stdlib.h>

#include "cli/capture/bytes.h"
#include "cli/capture/packet.h"
#include "cli/capture/pcapng.h"
#include "cli/capture/reader.h"

#define MOST_INTERFACES 64

struct source {
	uint16_t link;
	uint8_t resolution; /* as the option has it: 10^-n, or with the highest bit 2^-n */
	int64_t offset_s;
};

struct pcapng_reader {
	struct event_reader reader;
	bool swapped;
	bool has_magic; /* the first block's first bytes are in magic */
	uint8_t magic[READER_MAGIC];
	uint8_t *body;
	size_t room;
	struct source source[MOST_INTERFACES];
	unsigned sources;
	struct packet packet;
	struct capture_event sent; /* the event before that of the packet */
	bool has_next;             /* the packet's event comes next */
	uint64_t packets, others;
};

/* ---- numbers ------------------------------------------------------------------ */

static uint16_t u16_at(const struct pcapng_reader *r, const uint8_t *at)
{
	uint16_t number;

	memcpy(&number, at, sizeof(number));
	return r->swapped ? bswap_16(number) : number;
}

static uint32_t u32_at(const struct pcapng_reader *r, const uint8_t *at)
{
	uint32_t number;

	memcpy(&number, at, sizeof(number));
	return r->swapped ? bswap_32(number) : number;
}

static uint64_t u64_at(const struct pcapng_reader *r, const uint8_t *at)
{
	uint64_t number;

	memcpy(&number, at, sizeof(number));
	return r->swapped ? bswap_64(number) : number;
}

static uint64_t nanoseconds(const struct source *source, uint64_t time)
{
	unsigned n = source->resolution & 0x7f;
	__uint128_t ns = time;

	if (source->resolution & 0x80) {
		ns = n < 64 ? ns * 1000000000 >> n : 0;
	} else {
		for (; n < 9; n++)
			ns *= 10;
		for (; n > 9 && ns; n--)
			ns /= 10;
	}
	return (uint64_t)ns + (uint64_t)source->offset_s * UINT64_C(1000000000);
}

/* ---- blocks ------------------------------------------------------------------- */

enum got { GOT_BLOCK, GOT_END, GOT_CUT, GOT_ERROR, GOT_NO_MEMORY };

static enum got read_all(struct pcapng_reader *r, void *to, size_t size)
{
	size_t got = fread(to, 1, size, r->reader.in);

	if (got == size)
		return GOT_BLOCK;
	if (ferror(r->reader.in))
		return GOT_ERROR;
	return got ? GOT_CUT : GOT_END;
}

static enum got read_head(struct pcapng_reader *r, uint8_t head[READER_MAGIC])
{
	if (!r->has_magic)
		return read_all(r, head, READER_MAGIC);
	memcpy(head, r->magic, READER_MAGIC);
	r->has_magic = false;
	return GOT_BLOCK;
}

static bool make_room(struct pcapng_reader *r, size_t size)
{
	uint8_t *larger;

	if (size <= r->room)
		return true;
	larger = realloc(r->body, size);
	if (!larger)
		return false;
	r->body = larger;
	r->room = size;
	return true;
}

/* A section's header shows the byte order of what follows, its own length among it. */
static bool take_order(struct pcapng_reader *r)
{
	uint32_t magic;

	memcpy(&magic, r->body, sizeof(magic));
	if (magic != SECTION_MAGIC && magic != bswap_32(SECTION_MAGIC))
		return false;
	r->swapped = magic != SECTION_MAGIC;
	r->sources = 0;
	return true;
}

static enum reader_result say(struct pcapng_reader *r, enum got got)
{
	switch (got) {
	case GOT_ERROR:
		return event_reader_fail(&r->reader, "%s", strerror(errno));
	case GOT_NO_MEMORY:
		return event_reader_fail(&r->reader, "out of memory");
	default:
		return event_reader_fail(&r->reader,
					 "it ends in the middle of a block, after %llu packets",
					 (unsigned long long)r->packets);
	}
}

static enum reader_result damaged(struct pcapng_reader *r, const char *what)
{
	return event_reader_fail(&r->reader, "it is damaged after %llu packets: %s",
				 (unsigned long long)r->packets, what);
}

/* The next block's body, without what surrounds it.  READER_EVENT: here it is. */
static enum reader_result read_block(struct pcapng_reader *r, uint32_t *type, size_t *size)
{
	uint8_t head[READER_MAGIC];
	size_t length, have = 0;
	enum got got = read_head(r, head);

	if (got == GOT_END)
		return READER_END;
	if (got != GOT_BLOCK)
		return say(r, got);
	*type = u32_at(r, head);
	if (*type == BLOCK_SECTION) {
		have = 4;
		if (!make_room(r, have))
			return say(r, GOT_NO_MEMORY);
		got = read_all(r, r->body, have);
		if (got != GOT_BLOCK)
			return say(r, got == GOT_END ? GOT_CUT : got);
		if (!take_order(r))
			return damaged(r, "a section has no byte order");
	}
	length = u32_at(r, head + 4);
	if (length < BLOCK_MIN + have || length % 4 || length > BLOCK_MAX)
		return damaged(r, "a block has an impossible length");
	*size = length - BLOCK_MIN;
	if (!make_room(r, *size + 4))
		return say(r, GOT_NO_MEMORY);
	got = read_all(r, r->body + have, *size + 4 - have);
	if (got != GOT_BLOCK)
		return say(r, got == GOT_END ? GOT_CUT : got);
	if (u32_at(r, r->body + *size) != length)
		return damaged(r, "the two lengths of a block differ");
	return READER_EVENT;
}

/* Calls take for each option; what does not fit ends them. */
static void take_options(struct pcapng_reader *r, size_t from, size_t size,
			 void (*take)(struct pcapng_reader *r, unsigned code, const uint8_t *value,
				      size_t length))
{
	while (from + 4 <= size) {
		unsigned code = u16_at(r, r->body + from), length = u16_at(r, r->body + from + 2);

		if (code == OPTION_END || length > size - from - 4)
			return;
		take(r, code, r->body + from + 4, length);
		from += 4 + ((length + 3u) & ~3u);
	}
}

static void interface_option(struct pcapng_reader *r, unsigned code, const uint8_t *value,
			     size_t length)
{
	struct source *source = &r->source[r->sources];

	if (code == INTERFACE_RESOLUTION && length == 1)
		source->resolution = *value;
	if (code == INTERFACE_OFFSET && length == 8)
		source->offset_s = (int64_t)u64_at(r, value);
}

static enum reader_result take_interface(struct pcapng_reader *r, size_t size)
{
	if (size < 8 || r->sources == MOST_INTERFACES)
		return damaged(r, size < 8 ? "an interface is too short" : "too many interfaces");
	r->source[r->sources] = (struct source){ .link = u16_at(r, r->body), .resolution = 6 };
	take_options(r, 8, size, interface_option);
	r->sources++;
	return READER_NONE;
}

static void statistics_option(struct pcapng_reader *r, unsigned code, const uint8_t *value,
			      size_t length)
{
	if (code == STATISTICS_DROPPED && length == 8)
		r->reader.lost += u64_at(r, value);
}

/* ---- packets ------------------------------------------------------------------ */

static unsigned be16_at(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

/* Where our packet begins behind its tags; 0: it is another's. */
static size_t skip_tags(const uint8_t *data, size_t size)
{
	bool ours = false;

	for (size_t at = 0; at + 4 <= size;) {
		unsigned type = be16_at(data + at), length = be16_at(data + at + 2);

		if (type == PDU_END)
			return ours ? at + 4 : 0;
		if (length > size - at - 4)
			return 0;
		if (type == PDU_DISSECTOR)
			ours = strnlen((const char *)data + at + 4, length) == strlen(PDU_NAME) &&
			       !memcmp(data + at + 4, PDU_NAME, strlen(PDU_NAME));
		at += 4 + length;
	}
	return 0;
}

static enum reader_result give(struct pcapng_reader *r, const struct capture_event **ret)
{
	const struct packet *packet = &r->packet;

	if (!packet->sent_ns || packet->event.event.kind == ABINDER_EVENT_SENT) {
		*ret = &packet->event;
		return READER_EVENT;
	}
	r->has_next = true;
	r->sent = packet->event;
	r->sent.event.kind = ABINDER_EVENT_SENT;
	r->sent.event.time_ns = packet->sent_ns;
	r->sent.event.data_captured = r->sent.event.offset_count = 0;
	r->sent.event.error = 0;
	r->sent.event.reason = 0;
	*ret = &r->sent;
	return READER_EVENT;
}

static enum reader_result take_packet(struct pcapng_reader *r, size_t size,
				      const struct capture_event **ret)
{
	const uint8_t *body = r->body;
	const struct source *source;
	uint64_t time;
	size_t captured, at;
	const char *wrong;

	if (size < 20)
		return damaged(r, "a packet is too short");
	captured = u32_at(r, body + 12);
	if (captured > size - 20)
		return damaged(r, "a packet is longer than its block");
	if (u32_at(r, body) >= r->sources)
		return damaged(r, "a packet is of no interface");
	source = &r->source[u32_at(r, body)];
	at = source->link == LINK_UPPER_PDU ? skip_tags(body + 20, captured) : 0;
	if (!at) {
		r->others++;
		return READER_NONE;
	}
	wrong = packet_decode(body + 20 + at, captured - at, &r->packet);
	if (wrong)
		return damaged(r, wrong);
	time = (uint64_t)u32_at(r, body + 4) << 32 | u32_at(r, body + 8);
	r->packet.event.event.time_ns = nanoseconds(source, time);
	r->packets++;
	return give(r, ret);
}

static enum reader_result next(struct event_reader *reader, const struct capture_event **ret)
{
	struct pcapng_reader *r = (struct pcapng_reader *)reader;
	enum reader_result result = READER_NONE;
	uint32_t type = 0;
	size_t size = 0;

	if (r->has_next) {
		r->has_next = false;
		*ret = &r->packet.event;
		return READER_EVENT;
	}
	while (result == READER_NONE) {
		result = read_block(r, &type, &size);
		if (result == READER_END && r->others && !r->packets)
			return event_reader_fail(reader, "none of its %llu packets is of Binder",
						 (unsigned long long)r->others);
		if (result != READER_EVENT)
			return result;
		result = READER_NONE;
		if (type == BLOCK_INTERFACE)
			result = take_interface(r, size);
		else if (type == BLOCK_STATISTICS && size >= 12)
			take_options(r, 12, size, statistics_option);
		else if (type == BLOCK_PACKET)
			result = take_packet(r, size, ret);
	}
	return result;
}

static void close_file(struct event_reader *reader)
{
	struct pcapng_reader *r = (struct pcapng_reader *)reader;

	packet_clear(&r->packet);
	free(r->body);
	free(r);
}

static const struct event_reader_ops pcapng_ops = {
	.format = "pcapng",
	.next = next,
	.close = close_file,
};

struct event_reader *pcapng_reader_new(FILE *in, const uint8_t magic[READER_MAGIC])
{
	struct pcapng_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->reader.ops = &pcapng_ops;
	r->reader.in = in;
	r->has_magic = true;
	memcpy(r->magic, magic, READER_MAGIC);
	return &r->reader;
}
