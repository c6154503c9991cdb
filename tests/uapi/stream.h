/* SPDX-License-Identifier: MIT */
/*
 * stream.h: builds what is written to the device (BC_) and payloads, and walks
 * what is read from it (BR_).  No system calls; actors.h carries it there.
 */
#ifndef UAPI_STREAM_H
#define UAPI_STREAM_H

#include "uapi.h"

struct stream {
	size_t used;
	char bytes[16384];
};

void stream_put(struct stream *stream, const void *bytes, size_t size);
void stream_word(struct stream *stream, uint32_t word);
void stream_u32(struct stream *stream, uint32_t word, uint32_t value);
void stream_u64(struct stream *stream, uint32_t word, uint64_t value);
void stream_node(struct stream *stream, uint32_t word, uint64_t ptr, uint64_t cookie);
void stream_handle(struct stream *stream, uint32_t word, uint32_t handle, uint64_t cookie);

/* What a transaction carries.  Lies in memory that all actors have. */
struct payload {
	uint64_t data, size;
	uint64_t offsets, offsets_size;
	uint64_t extra; /* room for pieces: the _SG commands */
	bool sg;
};

/* @word is BC_TRANSACTION or BC_REPLY; its _SG form is taken as the payload asks.  NULL: empty. */
void stream_transaction(struct stream *stream, uint32_t word, uint32_t handle, uint32_t code,
			uint32_t flags, const struct payload *payload);

/* What one read brought, the last of each kind. */
struct news {
	char words[1024];                  /* "NOOP TRANSACTION" */
	struct binder_transaction_data tr; /* TRANSACTION, TRANSACTION_SEC_CTX, REPLY */
	uint64_t secctx;
	struct binder_ptr_cookie node; /* INCREFS, ACQUIRE, RELEASE, DECREFS */
	uint64_t cookie;               /* of notifications */
	uint32_t is_frozen;
};

/* False: a word that is unknown, or cut short; words says so. */
bool news_read(struct news *news, const char *bytes, size_t size);
/* Its name without BR_. */
const char *news_name(uint32_t word);

#endif
