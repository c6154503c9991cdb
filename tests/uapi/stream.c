/* SPDX-License-Identifier: MIT */
/* stream.c: BC_ commands out, BR_ commands in; see stream.h. */
#include "stream.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

void stream_put(struct stream *stream, const void *bytes, size_t size)
{
	if (size > sizeof(stream->bytes) - stream->used)
		fail("the test writes more than there is room for");
	memcpy(stream->bytes + stream->used, bytes, size);
	stream->used += size;
}

void stream_word(struct stream *stream, uint32_t word)
{
	stream_put(stream, &word, sizeof(word));
}

void stream_u32(struct stream *stream, uint32_t word, uint32_t value)
{
	stream_word(stream, word);
	stream_put(stream, &value, sizeof(value));
}

void stream_u64(struct stream *stream, uint32_t word, uint64_t value)
{
	stream_word(stream, word);
	stream_put(stream, &value, sizeof(value));
}

void stream_node(struct stream *stream, uint32_t word, uint64_t ptr, uint64_t cookie)
{
	struct binder_ptr_cookie node = { .ptr = ptr, .cookie = cookie };

	stream_word(stream, word);
	stream_put(stream, &node, sizeof(node));
}

void stream_handle(struct stream *stream, uint32_t word, uint32_t handle, uint64_t cookie)
{
	struct binder_handle_cookie both = { .handle = handle, .cookie = cookie };

	stream_word(stream, word);
	stream_put(stream, &both, sizeof(both));
}

void stream_transaction(struct stream *stream, uint32_t word, uint32_t handle, uint32_t code,
			uint32_t flags, const struct payload *payload)
{
	struct binder_transaction_data_sg sg = {
		.transaction_data = { .target.handle = handle, .code = code, .flags = flags },
	};
	bool is_sg = payload && payload->sg;

	if (payload) {
		sg.transaction_data.data_size = payload->size;
		sg.transaction_data.data.ptr.buffer = payload->data;
		sg.transaction_data.offsets_size = payload->offsets_size;
		sg.transaction_data.data.ptr.offsets = payload->offsets;
		sg.buffers_size = payload->extra;
	}
	if (is_sg)
		word = word == BC_REPLY ? BC_REPLY_SG : BC_TRANSACTION_SG;
	stream_word(stream, word);
	stream_put(stream, &sg, is_sg ? sizeof(sg) : sizeof(sg.transaction_data));
}

static const struct {
	uint32_t word;
	const char *name;
} names[] = {
	{ BR_ERROR, "ERROR" },
	{ BR_OK, "OK" },
	{ BR_TRANSACTION_SEC_CTX, "TRANSACTION_SEC_CTX" },
	{ BR_TRANSACTION, "TRANSACTION" },
	{ BR_REPLY, "REPLY" },
	{ BR_DEAD_REPLY, "DEAD_REPLY" },
	{ BR_TRANSACTION_COMPLETE, "TRANSACTION_COMPLETE" },
	{ BR_INCREFS, "INCREFS" },
	{ BR_ACQUIRE, "ACQUIRE" },
	{ BR_RELEASE, "RELEASE" },
	{ BR_DECREFS, "DECREFS" },
	{ BR_NOOP, "NOOP" },
	{ BR_SPAWN_LOOPER, "SPAWN_LOOPER" },
	{ BR_DEAD_BINDER, "DEAD_BINDER" },
	{ BR_CLEAR_DEATH_NOTIFICATION_DONE, "CLEAR_DEATH_NOTIFICATION_DONE" },
	{ BR_FAILED_REPLY, "FAILED_REPLY" },
	{ BR_FROZEN_REPLY, "FROZEN_REPLY" },
	{ BR_ONEWAY_SPAM_SUSPECT, "ONEWAY_SPAM_SUSPECT" },
	{ NEW_BR_TRANSACTION_PENDING_FROZEN, "TRANSACTION_PENDING_FROZEN" },
	{ NEW_BR_FROZEN_BINDER, "FROZEN_BINDER" },
	{ NEW_BR_CLEAR_FREEZE_NOTIFICATION_DONE, "CLEAR_FREEZE_NOTIFICATION_DONE" },
};

const char *news_name(uint32_t word)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].word == word)
			return names[i].name;
	return NULL;
}

static void keep(struct news *news, uint32_t word, const char *bytes)
{
	struct frozen_state frozen;

	switch (word) {
	case BR_TRANSACTION_SEC_CTX:
		memcpy(&news->secctx, bytes + sizeof(news->tr), sizeof(news->secctx));
		memcpy(&news->tr, bytes, sizeof(news->tr));
		break;
	case BR_TRANSACTION:
	case BR_REPLY:
		memcpy(&news->tr, bytes, sizeof(news->tr));
		break;
	case BR_INCREFS:
	case BR_ACQUIRE:
	case BR_RELEASE:
	case BR_DECREFS:
		memcpy(&news->node, bytes, sizeof(news->node));
		break;
	case BR_DEAD_BINDER:
	case BR_CLEAR_DEATH_NOTIFICATION_DONE:
	case NEW_BR_CLEAR_FREEZE_NOTIFICATION_DONE:
		memcpy(&news->cookie, bytes, sizeof(news->cookie));
		break;
	case NEW_BR_FROZEN_BINDER:
		memcpy(&frozen, bytes, sizeof(frozen));
		news->cookie = frozen.cookie;
		news->is_frozen = frozen.is_frozen;
		break;
	}
}

bool news_read(struct news *news, const char *bytes, size_t size)
{
	size_t at = 0, said = 0;

	news->words[0] = '\0';
	while (at < size) {
		uint32_t word;
		const char *name;
		size_t length;

		if (size - at < sizeof(word)) {
			snprintf(news->words + said, sizeof(news->words) - said, " ?cut short");
			return false;
		}
		memcpy(&word, bytes + at, sizeof(word));
		at += sizeof(word);
		length = _IOC_SIZE(word);
		name = news_name(word);
		if (!name || length > size - at) {
			snprintf(news->words + said, sizeof(news->words) - said, " ?%s 0x%x",
				 name ? "cut short" : "unknown", word);
			return false;
		}
		if (sizeof(news->words) - said < 40)
			return false;
		said += (size_t)snprintf(news->words + said, sizeof(news->words) - said, "%s%s",
					 said ? " " : "", name);
		keep(news, word, bytes + at);
		at += length;
	}
	return true;
}
