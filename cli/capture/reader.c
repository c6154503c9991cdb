/* SPDX-License-Identifier: MIT */
/*
 * reader.c: what all readers have in common, and which one reads a file.
 */
#include "cli/capture/reader.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/capture/recorded.h"

enum reader_result event_reader_fail(struct event_reader *reader, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(reader->error, sizeof(reader->error), format, list);
	va_end(list);
	return READER_FAILED;
}

void event_reader_close(struct event_reader *reader)
{
	if (reader)
		reader->ops->close(reader);
}

enum reader_result event_reader_next(struct event_reader *reader, const struct capture_event **ret)
{
	enum reader_result result;

	if (reader->ended)
		return *reader->error ? READER_FAILED : READER_END;
	result = reader->ops->next(reader, ret);
	reader->ended = result == READER_END || result == READER_FAILED;
	return result;
}

binder_status_t event_reader_wait(struct event_reader *reader, int timeout_ms)
{
	return reader->ops->wait ? reader->ops->wait(reader, timeout_ms) : STATUS_OK;
}

int event_reader_fd(const struct event_reader *reader)
{
	return reader->ops->fd ? reader->ops->fd(reader) : -1;
}

uint64_t event_reader_lost(const struct event_reader *reader)
{
	return reader->lost;
}

int64_t event_reader_realtime(const struct event_reader *reader)
{
	return reader->realtime_ns;
}

const char *event_reader_error(const struct event_reader *reader)
{
	return reader->error;
}

const char *event_reader_format(const struct event_reader *reader)
{
	return reader->ops->format;
}

/* ---- files ---------------------------------------------------------------------- */

/* Of a file that nobody can read: only its end, or why it is not read. */
static enum reader_result refuse(struct event_reader *reader, const struct capture_event **ret)
{
	return *reader->error ? READER_FAILED : READER_END;
}

static void close_refused(struct event_reader *reader)
{
	free(reader);
}

static struct event_reader *refused(const char *why)
{
	static const struct event_reader_ops ops = { "", refuse, close_refused, NULL, NULL };
	struct event_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return NULL;
	reader->ops = &ops;
	if (why)
		event_reader_fail(reader, "%s", why);
	return reader;
}

static struct event_reader *unknown(const uint8_t *magic)
{
	static const uint8_t pcap[4][4] = {
		{ 0xd4, 0xc3, 0xb2, 0xa1 },
		{ 0xa1, 0xb2, 0xc3, 0xd4 },
		{ 0x4d, 0x3c, 0xb2, 0xa1 },
		{ 0xa1, 0xb2, 0x3c, 0x4d },
	};

	for (size_t i = 0; i < 4; i++)
		if (!memcmp(magic, pcap[i], 4))
			return refused("it is a pcap file; binderctl capture writes pcapng");
	if (!memcmp(magic, "# tracer", 8))
		return refused("it is an ftrace text, which is for ui.perfetto.dev; it has no "
			       "payloads, and is not read");
	return refused("it is neither a pcapng file nor a recording of transactions");
}

struct event_reader *event_reader_file(FILE *in)
{
	static const uint8_t section[] = { 0x0a, 0x0d, 0x0d, 0x0a };
	uint8_t magic[READER_MAGIC];
	size_t got;

	errno = 0;
	got = fread(magic, 1, sizeof(magic), in);
	if (ferror(in))
		return refused(strerror(errno));
	if (got == 0)
		return refused("it is empty");
	if (got < sizeof(magic))
		return refused("it is too short to be a capture");
	if (!memcmp(magic, section, sizeof(section)))
		return pcapng_reader_new(in, magic);
	if (recorded_is(magic))
		return recorded_reader_new(in, magic);
	return unknown(magic);
}
