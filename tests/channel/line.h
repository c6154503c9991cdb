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

#endif
