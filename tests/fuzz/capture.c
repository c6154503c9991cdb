/* SPDX-License-Identifier: MIT */
/*
 * capture.c: any bytes as a capture, as `binderctl show` reads it.
 *
 * What is read is put together to calls, and written again as pcapng: that file is whole, and
 * has as many transactions.
 */
#include "input.h"

#include <stdio.h>

#include "cli/capture/reader.h"
#include "cli/capture/writer.h"
#include "cli/watch/conversation.h"

struct counts {
	unsigned long long events, delivered, bytes;
};

static void ended(const struct conversation *call, void *cookie)
{
	struct counts *counts = cookie;

	for (size_t i = 0; i < call->request.captured; i++)
		counts->bytes += call->request.data[i];
	for (size_t i = 0; i < call->reply.captured; i++)
		counts->bytes += call->reply.data[i];
}

static void count(const ABinderEvent *event, struct counts *counts)
{
	counts->events++;
	counts->delivered += event->kind != ABINDER_EVENT_SENT;
	for (size_t i = 0; i < event->offset_count; i++)
		counts->bytes += event->offsets[i];
}

/* Reads all of it; into the writer, if there is one.  false: it ended with words. */
static bool read_all(FILE *in, struct event_writer *writer, struct counts *counts)
{
	struct event_reader *reader = event_reader_file(in);
	struct conversations *calls = conversations_new();
	const struct capture_event *event;
	enum reader_result result;

	FUZZ_EXPECT(reader && calls, "no memory");
	while ((result = event_reader_next(reader, &event)) == READER_EVENT) {
		count(&event->event, counts);
		FUZZ_EXPECT(conversations_take(calls, &event->event, ended, counts), "no memory");
		if (writer)
			FUZZ_EXPECT(event_writer_put(writer, event), "it is not written");
	}
	FUZZ_EXPECT(result == READER_END || *event_reader_error(reader), "no words");
	FUZZ_EXPECT(event_reader_next(reader, &event) == result, "the end does not last");
	conversations_free(calls);
	event_reader_close(reader);
	return result == READER_END;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct capture_about about = { "/dev/binder", 0 };
	struct counts first = { 0 }, again = { 0 };
	struct event_writer *writer;
	char *text = NULL;
	size_t length = 0;
	FILE *in, *out;

	if (size == 0)
		return 0;
	in = fmemopen((void *)data, size, "r");
	out = open_memstream(&text, &length);
	FUZZ_EXPECT(in && out, "no memory");
	writer = pcapng_writer_new(out, &about);
	FUZZ_EXPECT(writer, "no memory");
	read_all(in, writer, &first);
	FUZZ_EXPECT(event_writer_end(writer, first.events, 0), "it is not written");
	event_writer_free(writer);
	fclose(out);
	fclose(in);
	in = fmemopen(text, length, "r");
	FUZZ_EXPECT(in, "no memory");
	FUZZ_EXPECT(read_all(in, NULL, &again), "what was written is not read");
	FUZZ_EXPECT(again.delivered == first.delivered, "%llu of %llu packets", again.delivered,
		    first.delivered);
	fclose(in);
	free(text);
	return 0;
}
