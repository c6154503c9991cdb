/* SPDX-License-Identifier: MIT */
/*
 * channel_fuzz.h: between channel.c and channel_request.c.
 */
#ifndef TESTS_FUZZ_CHANNEL_FUZZ_H
#define TESTS_FUZZ_CHANNEL_FUZZ_H

#include <unistd.h>

#include "channel/thread.h"
#include "input.h"

/* What the daemon finds when it reads a client's memory. */
#define CLIENT_ADDR 0x10000u
#define CLIENT_SIZE 0x1000u
extern u8 client_memory[CLIENT_SIZE];

#define FIRST_PID 200           /* of the first connection, and so on */
#define BUFFER_ADDR 0x50000000u /* where clients map their receive buffer */

/* A client's end of a thread's channel. */
struct end {
	struct port_thread *thread; /* NULL: there is none */
	int sock;
	u64 buffer; /* the last that it was given */
};

/* Lays a request into the mailbox. */
void request_lay(struct input *in, struct end *end);

#endif
