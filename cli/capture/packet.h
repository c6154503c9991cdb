/* SPDX-License-Identifier: MIT */
/*
 * packet.h: an event as the bytes of one packet of a capture.
 *
 * binder-capture(5) has the layout; the Wireshark dissector reads the same.  Nothing here does
 * I/O, and a packet to be decoded may hold anything.
 */
#ifndef CLI_CAPTURE_PACKET_H
#define CLI_CAPTURE_PACKET_H

#include "cli/capture/bytes.h"
#include "cli/capture/event.h"

#define PACKET_VERSION 1
#define PACKET_FIXED 96 /* bytes before the names */
#define PACKET_MAX_NAME 255

enum packet_name {
	PACKET_END,
	PACKET_SERVICE,
	PACKET_INTERFACE,
	PACKET_METHOD,
	PACKET_FROM_PROGRAM,
	PACKET_TO_PROGRAM,
	PACKET_NAMES,
};

/* The result of packet_decode(); it owns the names and offsets that event points to. */
struct packet {
	struct capture_event event;
	uint64_t sent_ns; /* of a delivery: CLOCK_REALTIME; 0: not known */
	char name[PACKET_NAMES][PACKET_MAX_NAME + 1];
	uint64_t *offsets;
	size_t offsets_room;
};

/* Appends the packet.  sent_ns: as above.  Gives how long it would be with the whole payload. */
uint64_t packet_encode(struct bytes *bytes, const struct capture_event *event, uint64_t sent_ns);

/*
 * The event's payload points into data.  event.time_ns is left for the caller to fill.
 * NULL: well; else words that say what is wrong, and *packet is not to be used.
 */
const char *packet_decode(const uint8_t *data, size_t size, struct packet *packet);
void packet_clear(struct packet *packet);

#endif
