/* SPDX-License-Identifier: MIT */
/*
 * writer.c: what all writers have in common.
 */
#include "cli/capture/writer.h"

void event_writer_free(struct event_writer *writer)
{
	if (writer)
		writer->ops->free(writer);
}

bool event_writer_put(struct event_writer *writer, const struct capture_event *event)
{
	return writer->ops->put(writer, event);
}

unsigned long long event_writer_left_out(const struct event_writer *writer)
{
	return writer->left_out;
}

bool event_writer_flush(struct event_writer *writer, uint64_t before_ns)
{
	return (!writer->ops->flush || writer->ops->flush(writer, before_ns)) &&
	       fflush(writer->out) == 0;
}

bool event_writer_end(struct event_writer *writer, uint64_t received, uint64_t lost)
{
	return (!writer->ops->end || writer->ops->end(writer, received, lost)) &&
	       fflush(writer->out) == 0;
}
