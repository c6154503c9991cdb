/* SPDX-License-Identifier: MIT */
/*
 * stream.h: BC_ commands into a buffer, BR_ commands out of one.
 *
 * No I/O here: thread.c hands the buffers to the driver.
 */
#ifndef LIBBINDER_STREAM_H
#define LIBBINDER_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/uapi.h"

/* Commands on their way to the driver.  Grows; seldom beyond what lies inside. */
struct stream_out {
	uint8_t *data;
	size_t size, capacity;
	uint8_t inside[256];
};

void stream_out_init(struct stream_out *out);
void stream_out_free(struct stream_out *out);
/* Makes sure that the next command fits; -ENOMEM: it may not. */
int stream_reserve(struct stream_out *out);
/* Appends a command whose payload has the size that the command says.  0 or -ENOMEM. */
int stream_put(struct stream_out *out, uint32_t cmd, const void *payload);
/* BC_TRANSACTION or BC_REPLY, of the kind that brings buffers along if there are any. */
int stream_put_transaction(struct stream_out *out, const struct binder_transaction_data *tr,
			   size_t buffers_size, bool reply);
int stream_put_u32(struct stream_out *out, uint32_t cmd, uint32_t value);
int stream_put_u64(struct stream_out *out, uint32_t cmd, uint64_t value);
int stream_put_handle_cookie(struct stream_out *out, uint32_t cmd, uint32_t handle,
			     uint64_t cookie);
int stream_put_ptr_cookie(struct stream_out *out, uint32_t cmd, uint64_t ptr, uint64_t cookie);
/* Takes the last command off again, if it is this one: it would outlive what it points to. */
bool stream_take_back(struct stream_out *out, uint32_t cmd, const void *payload);
/* The same for what stream_put_transaction() appended as a call. */
bool stream_take_back_transaction(struct stream_out *out, const struct binder_transaction_data *tr,
				  size_t buffers_size);
/* The driver has taken the first @size bytes. */
void stream_out_consume(struct stream_out *out, size_t size);

/* Commands that came from the driver. */
struct stream_in {
	size_t pos, end;
	uint8_t data[512];
};

struct stream_command {
	uint32_t cmd;
	union {
		struct binder_transaction_data_secctx secctx;
		struct binder_transaction_data transaction;
		struct binder_ptr_cookie ptr_cookie;
		uint64_t cookie;
		struct binder_uapi_frozen_state frozen;
	};
};

static inline bool stream_in_empty(const struct stream_in *in)
{
	return in->pos >= in->end;
}

/* 1: *ret is the next command; 0: none left; -EPROTO: garbage, all of it is dropped. */
int stream_next(struct stream_in *in, struct stream_command *ret);

/* "BR_REPLY" and so on, for messages. */
const char *stream_name(uint32_t cmd);

#endif
