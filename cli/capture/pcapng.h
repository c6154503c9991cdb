/* SPDX-License-Identifier: MIT */
/*
 * pcapng.h: the numbers of draft-ietf-opsawg-pcapng that we write and read.
 *
 * A file is blocks: u32 type, u32 length, body, u32 length again; each a multiple of 4, in the
 * byte order that the section header's magic shows.
 */
#ifndef CLI_CAPTURE_PCAPNG_H
#define CLI_CAPTURE_PCAPNG_H

#define BLOCK_SECTION 0x0a0d0d0au
#define BLOCK_INTERFACE 1u
#define BLOCK_STATISTICS 5u
#define BLOCK_PACKET 6u
#define SECTION_MAGIC 0x1a2b3c4du

#define BLOCK_MIN 12u
/* More than any payload that is captured. */
#define BLOCK_MAX (16u << 20)

enum pcapng_option {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	SECTION_HARDWARE = 2,
	SECTION_OS = 3,
	SECTION_PROGRAM = 4,
	INTERFACE_NAME = 2,
	INTERFACE_DESCRIPTION = 3,
	INTERFACE_RESOLUTION = 9,
	INTERFACE_OS = 12,
	INTERFACE_OFFSET = 14,
	PACKET_FLAGS = 2,
	PACKET_ID = 5,
	STATISTICS_START = 2,
	STATISTICS_END = 3,
	STATISTICS_RECEIVED = 4,
	STATISTICS_DROPPED = 5,
};

/*
 * Wireshark's "upper PDU": tags (u16 type, u16 length, value, big-endian, padded to 4) that name
 * the dissector, then the packet.
 */
#define LINK_UPPER_PDU 252
#define PDU_END 0
#define PDU_DISSECTOR 12
#define PDU_PROTOCOL 33
#define PDU_INFO 36
#define PDU_NAME "binder"

#endif
