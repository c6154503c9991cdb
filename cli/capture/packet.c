/* SPDX-License-Identifier: MIT */
/*
 * packet.c: an event as the bytes of one packet of a capture.
 *
 * Called by the writer and the reader of pcapng.
 */
#include "cli/capture/packet.h"

#include <stdio.h>
#include <stdlib.h>

/* The fixed part.  All numbers are little-endian. */
struct wire {
	uint8_t version, kind;
	uint16_t header_size; /* with the names; the payload begins there */
	uint8_t transaction, reserved[3];
	uint32_t id, reply_to;
	int32_t from_pid, from_tid, to_pid, to_tid;
	uint32_t from_uid, to_uid;
	uint32_t node, handle, code, flags, error;
	int32_t reason;
	uint64_t sent_ns, data_size, offsets_size;
	uint32_t data_captured, offsets_captured;
};

_Static_assert(sizeof(struct wire) == PACKET_FIXED, "the packet's layout");

/* ---- encoding ----------------------------------------------------------------- */

static void put_name(struct bytes *bytes, enum packet_name which, const char *name)
{
	size_t size = name ? strnlen(name, PACKET_MAX_NAME) : 0;

	if (!size)
		return;
	bytes_u16(bytes, htole16(which));
	bytes_u16(bytes, htole16((uint16_t)size));
	bytes_put(bytes, name, size);
	bytes_pad(bytes, 4);
}

static struct wire wire_of(const struct capture_event *from, uint64_t sent_ns, size_t header_size)
{
	const ABinderEvent *event = &from->event;

	return (struct wire){
		.version = PACKET_VERSION,
		.kind = (uint8_t)event->kind,
		.header_size = htole16((uint16_t)header_size),
		.transaction = (uint8_t)event->transaction,
		.id = htole32(event->id),
		.reply_to = htole32(event->reply_to),
		.from_pid = (int32_t)htole32((uint32_t)event->from_pid),
		.from_tid = (int32_t)htole32((uint32_t)event->from_tid),
		.to_pid = (int32_t)htole32((uint32_t)event->to_pid),
		.to_tid = (int32_t)htole32((uint32_t)event->to_tid),
		.from_uid = htole32(event->from_uid),
		.to_uid = htole32(event->to_uid),
		.node = htole32(event->node),
		.handle = htole32(event->handle),
		.code = htole32(event->code),
		.flags = htole32(event->flags),
		.error = htole32(event->error),
		.reason = (int32_t)htole32((uint32_t)event->reason),
		.sent_ns = htole64(sent_ns),
		.data_size = htole64(event->data_size),
		.offsets_size = htole64(event->offsets_size),
		.data_captured = htole32((uint32_t)event->data_captured),
		.offsets_captured = htole32((uint32_t)(event->offset_count * 8)),
	};
}

uint64_t packet_encode(struct bytes *bytes, const struct capture_event *from, uint64_t sent_ns)
{
	const ABinderEvent *event = &from->event;
	const size_t start = bytes->size;
	struct wire wire = { 0 };
	struct bytes names = { 0 };

	put_name(&names, PACKET_SERVICE, from->service);
	put_name(&names, PACKET_INTERFACE, from->interface);
	put_name(&names, PACKET_METHOD, from->method);
	put_name(&names, PACKET_FROM_PROGRAM, from->from_program);
	put_name(&names, PACKET_TO_PROGRAM, from->to_program);
	bytes_pad(&names, 8);
	wire = wire_of(from, sent_ns, sizeof(wire) + names.size);
	bytes_put(bytes, &wire, sizeof(wire));
	bytes_put(bytes, names.data, names.size);
	bytes->failed |= names.failed;
	bytes_free(&names);
	bytes_put(bytes, event->data, event->data_captured);
	/* From the beginning of the packet, wherever it lies. */
	bytes_put(bytes, "\0\0\0\0\0\0\0", -event->data_captured & 7);
	for (size_t i = 0; i < event->offset_count; i++)
		bytes_u64(bytes, htole64(event->offsets[i]));
	return bytes->size - start + (event->data_size - event->data_captured) +
	       (event->offsets_size - event->offset_count * 8);
}

/* ---- decoding ----------------------------------------------------------------- */

/* Unknown names are skipped, so that later writers may add some. */
static const char *take_names(const uint8_t *data, size_t size, struct packet *packet)
{
	struct capture_event *event = &packet->event;
	const char **to[PACKET_NAMES] = {
		[PACKET_SERVICE] = &event->service,
		[PACKET_INTERFACE] = &event->interface,
		[PACKET_METHOD] = &event->method,
		[PACKET_FROM_PROGRAM] = &event->from_program,
		[PACKET_TO_PROGRAM] = &event->to_program,
	};

	while (size >= 4) {
		unsigned which = le16_at(data), length = le16_at(data + 2);
		size_t padded = 4 + ((length + 3u) & ~3u);

		if (which == PACKET_END)
			return NULL;
		if (padded > size)
			return "a name goes beyond its header";
		if (which < PACKET_NAMES && length <= PACKET_MAX_NAME) {
			memcpy(packet->name[which], data + 4, length);
			packet->name[which][length] = 0;
			*to[which] = packet->name[which];
		}
		data += padded;
		size -= padded;
	}
	return NULL;
}

static const char *take_payload(const uint8_t *data, size_t size, const struct wire *wire,
				struct packet *packet)
{
	const size_t captured = le32toh(wire->data_captured);
	const size_t offsets = le32toh(wire->offsets_captured);
	const uint8_t *at = data + ((captured + 7) & ~(size_t)7);
	ABinderEvent *event = &packet->event.event;
	static const uint64_t none[1];

	if (offsets % 8 || captured > size || (offsets && (size_t)(at - data) > size - offsets) ||
	    offsets > size)
		return "its payload goes beyond its end";
	if (captured > event->data_size || offsets > event->offsets_size)
		return "more of its payload is there than was sent";
	if (offsets > packet->offsets_room) {
		uint64_t *larger = realloc(packet->offsets, offsets);

		if (!larger)
			return "out of memory";
		packet->offsets = larger;
		packet->offsets_room = offsets;
	}
	event->data = data;
	event->data_captured = captured;
	event->offsets = offsets ? packet->offsets : none;
	event->offset_count = offsets / 8;
	for (size_t i = 0; i < event->offset_count; i++)
		packet->offsets[i] = le64_at(at + 8 * i);
	return NULL;
}

static const char *check(const struct wire *wire, size_t size)
{
	if (wire->version != PACKET_VERSION)
		return "another version of binderctl has written it";
	if (wire->kind > ABINDER_EVENT_MANAGER || wire->transaction > ABINDER_TRANSACTION_REPLY)
		return "it is of an unknown kind";
	if (le16toh(wire->header_size) < sizeof(*wire) || le16toh(wire->header_size) > size)
		return "its header is longer than it is itself";
	return NULL;
}

const char *packet_decode(const uint8_t *data, size_t size, struct packet *packet)
{
	const char *wrong;
	struct wire wire;
	size_t header;

	if (size < sizeof(wire))
		return "it is too short";
	memcpy(&wire, data, sizeof(wire));
	wrong = check(&wire, size);
	if (wrong)
		return wrong;
	packet->sent_ns = le64toh(wire.sent_ns);
	packet->event = (struct capture_event){
		.event = {
			.kind = (ABinderEventKind)wire.kind,
			.transaction = (ABinderTransactionKind)wire.transaction,
			.id = le32toh(wire.id),
			.reply_to = le32toh(wire.reply_to),
			.from_pid = (pid_t)le32toh((uint32_t)wire.from_pid),
			.from_tid = (pid_t)le32toh((uint32_t)wire.from_tid),
			.to_pid = (pid_t)le32toh((uint32_t)wire.to_pid),
			.to_tid = (pid_t)le32toh((uint32_t)wire.to_tid),
			.from_uid = le32toh(wire.from_uid),
			.to_uid = le32toh(wire.to_uid),
			.node = le32toh(wire.node),
			.handle = le32toh(wire.handle),
			.code = le32toh(wire.code),
			.flags = le32toh(wire.flags),
			.data_size = le64toh(wire.data_size),
			.offsets_size = le64toh(wire.offsets_size),
			.error = le32toh(wire.error),
			.reason = (int32_t)le32toh((uint32_t)wire.reason),
		},
	};
	header = le16toh(wire.header_size);
	wrong = take_names(data + sizeof(wire), header - sizeof(wire), packet);
	if (!wrong)
		wrong = take_payload(data + header, size - header, &wire, packet);
	if (!wrong && packet->event.from_program)
		snprintf(packet->event.event.from_program, sizeof(packet->event.event.from_program),
			 "%s", packet->event.from_program);
	return wrong;
}

void packet_clear(struct packet *packet)
{
	free(packet->offsets);
	*packet = (struct packet){ 0 };
}
