/* SPDX-License-Identifier: MIT */
/*
 * line.h: the channel's protocol by hand, for clients that break its rules.
 */
#ifndef TESTS_CHANNEL_LINE_H
#define TESTS_CHANNEL_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "channel.h"

struct line {
	int conn;        /* to the device */
	int sock, waker; /* of one thread; -1 before line_attach() */
	int bell[2];
	char *mailbox;
	struct channel_mailbox *box;
};

/* A connection, with or without HELLO. */
int line_connect(const char *device);
int line_open(struct line *line, const char *device);
int line_attach(struct line *line);
void line_close(struct line *line);

int line_send(int sock, const void *data, size_t size, const int *fds, size_t count);
/* Lets the daemon see what lies in the mailbox. */
void line_ring(const struct line *line);
/* Rings and waits for the mailbox to come back; false: not within two seconds. */
bool line_request(const struct line *line);
/* Lays bytes into the in area as the range of an address. */
void line_lay(const struct line *line, unsigned int slot, uint64_t addr, const void *data,
	      uint32_t size, uint32_t offset);

/* Addresses in a call: of its command, of the payload, of the offsets, of the answer. */
enum {
	LINE_COMMANDS = 0x1000000,
	LINE_DATA = 0x2000000,
	LINE_OFFSETS = 0x3000000,
	LINE_OUT = 0x4000000,
};
/* A call of handle 0, with zeros in ranges 1 (payload) and 2 (offsets), that reads what there is. */
void line_prepare_call(const struct line *line, uint32_t flags, uint64_t data_size,
		       uint64_t offsets_size);
/* A word of the answer. */
uint32_t line_answer(const struct line *line, size_t index);

#endif
