/* SPDX-License-Identifier: MIT */
/*
 * capture.c: the verb that writes calls between processes into a file or a pipe.
 *
 * Events come from watch/live.c, get their names from watch/known.c, and go to a writer.  When only
 * some calls are wanted, watch/hold.c keeps a call's events until it has ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/capture/writer.h"
#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/watch/hold.h"
#include "cli/watch/known.h"
#include "cli/watch/live.h"
#include "cli/watch/selection.h"

#define LOOK_MS 250
/* A call that nobody has read for so long is written down without its payload. */
#define PENDING_NS UINT64_C(1000000000)

struct capture_format {
	const char *name;
	struct event_writer *(*open)(FILE *out, const struct capture_about *about);
	bool whole; /* what is cut is of no use */
};

static const struct capture_format formats[] = {
	{ "pcapng", pcapng_writer_new, false },
	{ "recorded", recorded_writer_new, true },
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))
#define WHOLE_SNAP ((size_t)1 << 20)

struct capture {
	struct session *session;
	const struct arguments *arguments;
	struct live live;
	struct selection selection;
	struct known *known;
	struct hold *hold; /* NULL: all calls are wanted */
	FILE *out;
	const char *path; /* NULL: standard output */
	struct event_writer *writer;
	const struct capture_format *format;
	unsigned long long received, calls;
	bool full;   /* the limit is reached */
	bool closed; /* the reader of the pipe has ended */
	int result;
};

/* ---- writing ------------------------------------------------------------------ */

static int cannot_write(struct capture *c)
{
	if (errno == EPIPE) {
		c->closed = true;
		return EXIT_OK;
	}
	return fail(c->arguments, EXIT_OTHER, NULL, "%s: %s", c->path ? c->path : "standard output",
		    strerror(errno));
}

static bool is_call(const ABinderEvent *event)
{
	return event->transaction != ABINDER_TRANSACTION_REPLY &&
	       (event->kind == ABINDER_EVENT_DELIVERED || event->kind == ABINDER_EVENT_FAILED);
}

static bool put(const ABinderEvent *event, void *cookie)
{
	struct capture *c = cookie;
	struct capture_event named = { .event = *event };

	known_fill(c->known, &named);
	c->calls += is_call(event);
	if (event_writer_put(c->writer, &named))
		return true;
	c->result = cannot_write(c);
	return false;
}

static void decide(const struct conversation *call, void *cookie)
{
	struct capture *c = cookie;

	if (c->full || c->closed || c->result != EXIT_OK ||
	    !selection_wants(&c->selection, &c->live.words, call)) {
		hold_drop(c->hold, call->id);
		return;
	}
	if (hold_release(c->hold, call->id, put, c))
		c->full = c->selection.limit >= 0 &&
			  c->calls >= (unsigned long long)c->selection.limit;
}

static int take(struct capture *c, const struct capture_event *event)
{
	c->received++;
	event_note_names(event, c->live.words.names);
	if (!c->hold) {
		put(&event->event, c);
	} else if (!hold_add(c->hold, &event->event) ||
		   !conversations_take(c->live.conversations, &event->event, decide, c)) {
		return fail(c->arguments, EXIT_OTHER, NULL, "out of memory");
	}
	event_forget_names(event, c->live.words.names);
	return c->result;
}

/* All that is there now. */
static int drain(struct capture *c)
{
	const struct capture_event *event;
	int result = EXIT_OK;

	while (result == EXIT_OK && !c->full && !c->closed) {
		switch (event_reader_next(c->live.reader, &event)) {
		case READER_EVENT:
			result = take(c, event);
			break;
		case READER_FAILED:
			return fail(c->arguments, EXIT_OTHER, NULL, "%s",
				    event_reader_error(c->live.reader));
		default:
			if (!event_writer_flush(c->writer, session_now_ns() - PENDING_NS))
				result = cannot_write(c);
			return result;
		}
	}
	return result;
}

/* ---- the format ---------------------------------------------------------------- */

static int choose_format(struct capture *c)
{
	const char *name = option_value(c->arguments, "format");

	c->format = &formats[0];
	if (!name)
		return EXIT_OK;
	for (size_t i = 0; i < FORMATS; i++) {
		if (strcmp(formats[i].name, name) != 0)
			continue;
		c->format = &formats[i];
		if (c->format->whole && !option_value(c->arguments, "size"))
			c->selection.filter.snap = WHOLE_SNAP;
		return EXIT_OK;
	}
	return fail(c->arguments, EXIT_USAGE, "pcapng or recorded", "no format is called '%s'",
		    name);
}

/* ---- begin and end ------------------------------------------------------------ */

/* Payloads are nobody else's business. */
static int open_output(struct capture *c)
{
	int fd;

	c->path = option_value(c->arguments, "output");
	if (c->path && !strcmp(c->path, "-"))
		c->path = NULL;
	if (!c->path && isatty(STDOUT_FILENO))
		return fail(c->arguments, EXIT_USAGE,
			    "-o FILE, or a pipe: binderctl capture | wireshark -k -i -",
			    "a capture is no text for a terminal");
	if (!c->path) {
		c->out = stdout;
		return EXIT_OK;
	}
	fd = open(c->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	c->out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!c->out) {
		int result = cannot_write(c);

		if (fd >= 0)
			close(fd);
		return result;
	}
	return EXIT_OK;
}

static int open_writer(struct capture *c)
{
	struct capture_about about = { ABinderConnection_getDevice(c->live.connection),
				       event_reader_realtime(c->live.reader) };

	c->known = known_new(&c->live.words);
	c->writer = c->format->open(c->out, &about);
	if (selection_needs_end(&c->selection))
		c->hold = hold_new();
	if (!c->known || !c->writer || (selection_needs_end(&c->selection) && !c->hold))
		return fail(c->arguments, EXIT_OTHER, NULL, "out of memory");
	signal(SIGPIPE, SIG_IGN);
	live_catch_signals();
	if (!event_writer_flush(c->writer, 0))
		return cannot_write(c);
	if (!option_value(c->arguments, "quiet"))
		fprintf(stderr, "capturing %s\n", about.device);
	return EXIT_OK;
}

static int wait_ms(const struct capture *c)
{
	int left = session_left(c->session);

	return left >= 0 && left < LOOK_MS ? left : LOOK_MS;
}

/* A pipe that nobody reads any more ends the capture, also when nothing happens. */
static void look_at_pipe(struct capture *c)
{
	struct pollfd fd = { .fd = fileno(c->out) };

	if (poll(&fd, 1, 0) > 0 && fd.revents & POLLERR)
		c->closed = true;
}

static int capture_on(struct capture *c)
{
	int result = EXIT_OK;

	while (result == EXIT_OK && !live_interrupted() && !c->full && !c->closed &&
	       session_left(c->session) != 0) {
		binder_status_t status = event_reader_wait(c->live.reader, wait_ms(c));

		result = drain(c);
		if (result == EXIT_OK && status == STATUS_DEAD_OBJECT)
			result = fail(c->arguments, EXIT_NO_DRIVER,
				      "binderctl up, or binderctl doctor", "%s",
				      "the driver is gone: binderd has ended");
		look_at_pipe(c);
	}
	return result;
}

/* Also after a failure: what has come by then is a whole file. */
static int end(struct capture *c, int result)
{
	unsigned long long lost = event_reader_lost(c->live.reader);

	if (c->hold && !c->full)
		conversations_pending(c->live.conversations, UINT64_MAX, decide, c);
	if (!c->closed && !event_writer_end(c->writer, c->received, lost) && result == EXIT_OK)
		result = cannot_write(c);
	if (event_writer_left_out(c->writer))
		fprintf(stderr, "%llu calls were left out: larger than --size\n",
			event_writer_left_out(c->writer));
	if (!option_value(c->arguments, "quiet"))
		fprintf(stderr, "%llu calls captured, %llu events lost%s\n", c->calls, lost,
			lost ? ": choose fewer with --pid, --uid or a smaller --size" : "");
	return result;
}

static int run_capture(struct session *session, const struct arguments *arguments,
		       struct sink *sink)
{
	struct capture c = { .session = session, .arguments = arguments, .result = EXIT_OK };
	int result = selection_read(&c.selection, arguments);

	c.selection.filter.kinds |= 1u << ABINDER_EVENT_MANAGER;
	if (result == EXIT_OK)
		result = choose_format(&c);
	if (result == EXIT_OK)
		result = open_output(&c);
	if (result == EXIT_OK)
		result = live_open(&c.live, session, &c.selection.filter);
	if (result == EXIT_OK) {
		result = open_writer(&c);
		if (result == EXIT_OK)
			result = end(&c, capture_on(&c));
	}
	event_writer_free(c.writer);
	if (c.path && c.out && fclose(c.out) != 0 && result == EXIT_OK)
		result = cannot_write(&c);
	hold_free(c.hold);
	known_free(c.known);
	live_close(&c.live);
	return result;
}

static const struct option_spec capture_options[] = {
	{ "output", 'o', "FILE", "write into this file instead of standard output" },
	{ "format", 0, "FORMAT", "pcapng, or recorded: Android's RecordedTransaction" },
	{ "quiet", 'q', NULL, "say nothing but failures" },
	SELECTION_OPTIONS,
	OPTION_SIZE,
	OPTION_AIDL,
	OPTION_NO_LIMIT,
	{ 0 },
};

const struct verb verb_capture = {
	.name = "capture",
	.arguments = "[SERVICE]...",
	.summary = "write calls between processes to a file, for show and Wireshark",
	.details =
		"Writes pcapng, as binder-capture(5) describes, to -o FILE or to standard output, which\n"
		"must be no terminal: `binderctl capture | wireshark -k -i -` is live.  `binderctl show`\n"
		"reads it again.  Calls are chosen as by monitor; with a choice that depends on the\n"
		"answer, a call is written when it has ended.  Ends at Ctrl-C or after --timeout, and\n"
		"says how many events were lost because they came too fast.\n"
		"Root sees all calls; others see calls whose both ends are theirs.",
	.example = "binderctl capture -o calls.pcapng",
	.options = capture_options,
	.max_words = -1,
	.is_program = true,
	.run = run_capture,
	.complete = complete_service,
};
