/* SPDX-License-Identifier: MIT */
/*
 * pcapng_write.c: events as packets of a pcapng file, for writer.h.
 *
 * A packet is written when a transaction is delivered, refused or left without an answer, and
 * says when it was sent.  So what was sent waits in a table until then.  What has waited for
 * long, or still waits at the end, gets a packet of its own.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <time.h>

#include "cli/capture/bytes.h"
#include "cli/capture/packet.h"
#include "cli/capture/pcapng.h"
#include "cli/capture/writer.h"

/* A power of two.  More than that wait only if nobody reads any more. */
#define SLOTS 16384
#define LONGEST_INFO 400

/* Sent, and not delivered yet. */
struct sent {
	ABinderEvent event; /* without payload; id 0: the slot is free */
	bool written;
};

struct pcapng_writer {
	struct event_writer writer;
	int64_t realtime_ns;
	bool started; /* the headers are written */
	char *device;
	struct bytes block;
	struct sent sent[SLOTS];
};

/* ---- blocks ------------------------------------------------------------------- */

static void begin(struct bytes *block, uint32_t type)
{
	block->size = 0;
	bytes_u32(block, type);
	bytes_u32(block, 0);
}

static void option(struct bytes *block, enum pcapng_option code, const void *value, size_t size)
{
	bytes_u16(block, (uint16_t)code);
	bytes_u16(block, (uint16_t)size);
	bytes_put(block, value, size);
	bytes_pad(block, 4);
}

static void option_text(struct bytes *block, enum pcapng_option code, const char *text)
{
	option(block, code, text, strlen(text));
}

static bool end(struct pcapng_writer *w)
{
	struct bytes *block = &w->block;
	uint32_t size = (uint32_t)block->size + 4;

	bytes_u32(block, size);
	if (block->failed) {
		errno = ENOMEM;
		return false;
	}
	memcpy(block->data + 4, &size, sizeof(size));
	return fwrite(block->data, 1, block->size, w->writer.out) == block->size;
}

static bool write_section(struct pcapng_writer *w)
{
	struct bytes *block = &w->block;
	struct utsname system = { 0 };
	char os[sizeof(system.sysname) + sizeof(system.release) + 2];

	uname(&system);
	snprintf(os, sizeof(os), "%s %s", system.sysname, system.release);
	begin(block, BLOCK_SECTION);
	bytes_u32(block, SECTION_MAGIC);
	bytes_u16(block, 1); /* version 1.0 */
	bytes_u16(block, 0);
	bytes_u64(block, UINT64_MAX); /* the section's length is not known */
	option_text(block, SECTION_HARDWARE, system.machine);
	option_text(block, SECTION_OS, os);
	option_text(block, SECTION_PROGRAM, "binderctl " BINDER_VERSION_STRING);
	option(block, OPTION_END, "", 0);
	return end(w);
}

static bool write_interface(struct pcapng_writer *w)
{
	struct bytes *block = &w->block;
	const uint8_t nanoseconds = 9;

	begin(block, BLOCK_INTERFACE);
	bytes_u16(block, LINK_UPPER_PDU);
	bytes_u16(block, 0);
	bytes_u32(block, 0); /* no limit */
	option_text(block, INTERFACE_NAME, w->device);
	option_text(block, INTERFACE_DESCRIPTION, "Binder transactions");
	option(block, INTERFACE_RESOLUTION, &nanoseconds, 1);
	option(block, OPTION_END, "", 0);
	return end(w);
}

static bool start(struct pcapng_writer *w)
{
	if (w->started)
		return true;
	w->started = true;
	return write_section(w) && write_interface(w);
}

static void put_time(struct bytes *block, uint64_t ns)
{
	bytes_u32(block, (uint32_t)(ns >> 32));
	bytes_u32(block, (uint32_t)ns);
}

static bool write_statistics(struct pcapng_writer *w, uint64_t received, uint64_t lost)
{
	struct bytes *block = &w->block;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	begin(block, BLOCK_STATISTICS);
	bytes_u32(block, 0);
	put_time(block, (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec);
	option(block, STATISTICS_RECEIVED, &received, sizeof(received));
	option(block, STATISTICS_DROPPED, &lost, sizeof(lost));
	option(block, OPTION_END, "", 0);
	return end(w);
}

/* ---- packets ------------------------------------------------------------------ */

static void tag(struct bytes *block, uint16_t type, const char *text)
{
	size_t size = strnlen(text, LONGEST_INFO);

	bytes_u16(block, htobe16(type));
	bytes_u16(block, htobe16((uint16_t)((size + 3) & ~(size_t)3)));
	bytes_put(block, text, size);
	bytes_pad(block, 4);
}

/* For a Wireshark without our dissector. */
static void describe(const struct capture_event *from, char *text, size_t size)
{
	static const char *const what[] = {
		[ABINDER_EVENT_SENT] = "waits: ",
		[ABINDER_EVENT_FAILED] = "failed: ",
		[ABINDER_EVENT_UNANSWERED] = "no reply: ",
		[ABINDER_EVENT_MANAGER] = "",
	};
	const ABinderEvent *event = &from->event;
	const char *program = from->from_program ? from->from_program : "";
	const char *target = from->service   ? from->service :
			     from->interface ? from->interface :
					       "node";
	char method[PACKET_MAX_NAME + 16];

	if (event->kind == ABINDER_EVENT_DIED || event->kind == ABINDER_EVENT_MANAGER) {
		snprintf(text, size, "%s%s%d %s", program, *program ? " " : "",
			 (int)event->from_pid,
			 event->kind == ABINDER_EVENT_DIED ? "has ended" : "is context manager");
		return;
	}
	if (from->method)
		snprintf(method, sizeof(method), ".%s", from->method);
	else if (event->transaction == ABINDER_TRANSACTION_REPLY)
		snprintf(method, sizeof(method), " %u", event->reply_to);
	else
		snprintf(method, sizeof(method), " %u", event->code);
	snprintf(text, size, "%s%s%s%d %s %s%s",
		 event->kind <= ABINDER_EVENT_MANAGER && what[event->kind] ? what[event->kind] : "",
		 program, *program ? " " : "", (int)event->from_pid,
		 event->transaction == ABINDER_TRANSACTION_REPLY  ? "replies to" :
		 event->transaction == ABINDER_TRANSACTION_ONEWAY ? "~>" :
								    "->",
		 target, method);
}

static bool write_packet(struct pcapng_writer *w, const struct capture_event *event,
			 uint64_t sent_ns)
{
	struct bytes *block = &w->block;
	uint64_t id = event->event.id, original;
	size_t sizes_at, packet_at;
	uint32_t sizes[2];
	char info[LONGEST_INFO];

	begin(block, BLOCK_PACKET);
	bytes_u32(block, 0);
	put_time(block, event->event.time_ns + (uint64_t)w->realtime_ns);
	sizes_at = block->size;
	bytes_u64(block, 0);
	packet_at = block->size;
	describe(event, info, sizeof(info));
	tag(block, PDU_DISSECTOR, PDU_NAME);
	tag(block, PDU_PROTOCOL, "Binder");
	tag(block, PDU_INFO, info);
	tag(block, PDU_END, "");
	original = block->size - packet_at;
	original += packet_encode(block, event, sent_ns ? sent_ns + (uint64_t)w->realtime_ns : 0);
	sizes[0] = (uint32_t)(block->size - packet_at);
	sizes[1] = original < UINT32_MAX ? (uint32_t)original : UINT32_MAX;
	bytes_pad(block, 4);
	if (!block->failed)
		memcpy(block->data + sizes_at, sizes, sizeof(sizes));
	if (id)
		option(block, PACKET_ID, &id, sizeof(id));
	option(block, OPTION_END, "", 0);
	return end(w);
}

/* ---- what was sent ------------------------------------------------------------ */

static struct sent *slot_of(struct pcapng_writer *w, uint32_t id)
{
	return &w->sent[id % SLOTS];
}

static bool write_sent(struct pcapng_writer *w, struct sent *sent)
{
	struct capture_event event = {
		.event = sent->event,
		.from_program = *sent->event.from_program ? sent->event.from_program : NULL,
	};

	sent->written = true;
	return write_packet(w, &event, 0);
}

static bool note_sent(struct pcapng_writer *w, const struct capture_event *event)
{
	struct sent *sent = slot_of(w, event->event.id);
	bool good = !sent->event.id || sent->written || write_sent(w, sent);

	*sent = (struct sent){ .event = event->event };
	sent->event.data = NULL;
	sent->event.offsets = NULL;
	sent->event.data_captured = sent->event.offset_count = 0;
	return good;
}

static bool put(struct event_writer *writer, const struct capture_event *event)
{
	struct pcapng_writer *w = (struct pcapng_writer *)writer;
	struct capture_event copy = *event;
	struct sent *sent = slot_of(w, event->event.id);
	uint64_t sent_ns = 0;

	if (!start(w))
		return false;
	if (event->event.kind == ABINDER_EVENT_SENT)
		return note_sent(w, event);
	if (event->event.id && sent->event.id == event->event.id) {
		sent_ns = sent->event.time_ns;
		/* Only the sender knew it. */
		copy.event.handle = sent->event.handle;
		if (!copy.from_program && *sent->event.from_program)
			copy.from_program = sent->event.from_program;
	}
	if (!write_packet(w, &copy, sent_ns))
		return false;
	if (sent_ns)
		sent->event.id = 0;
	return true;
}

static bool write_waiting(struct pcapng_writer *w, uint64_t before_ns)
{
	for (size_t i = 0; i < SLOTS; i++) {
		struct sent *sent = &w->sent[i];

		if (sent->event.id && !sent->written && sent->event.time_ns < before_ns &&
		    !write_sent(w, sent))
			return false;
	}
	return true;
}

/* Also without events: a reader of the pipe begins to show something. */
static bool flush(struct event_writer *writer, uint64_t before_ns)
{
	struct pcapng_writer *w = (struct pcapng_writer *)writer;

	return start(w) && write_waiting(w, before_ns);
}

static bool end_file(struct event_writer *writer, uint64_t received, uint64_t lost)
{
	struct pcapng_writer *w = (struct pcapng_writer *)writer;

	return flush(writer, UINT64_MAX) && write_statistics(w, received, lost);
}

static void free_writer(struct event_writer *writer)
{
	struct pcapng_writer *w = (struct pcapng_writer *)writer;

	bytes_free(&w->block);
	free(w->device);
	free(w);
}

static const struct event_writer_ops pcapng_ops = { put, flush, end_file, free_writer };

struct event_writer *pcapng_writer_new(FILE *out, const struct capture_about *about)
{
	struct pcapng_writer *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->writer = (struct event_writer){ .ops = &pcapng_ops, .out = out };
	w->realtime_ns = about->realtime_ns;
	w->device = strdup(about->device);
	if (!w->device) {
		free(w);
		return NULL;
	}
	return &w->writer;
}
