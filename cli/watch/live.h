/* SPDX-License-Identifier: MIT */
/*
 * live.h: the events of the session's device, or of a file, which become conversations.
 *
 * The verbs that watch open one, wait for it and drain it.
 */
#ifndef CLI_WATCH_LIVE_H
#define CLI_WATCH_LIVE_H

#include "cli/capture/reader.h"
#include "cli/session.h"
#include "cli/watch/call_words.h"

/* The kinds of events that conversations are made of. */
#define LIVE_KINDS \
	(1u << ABINDER_EVENT_SENT | 1u << ABINDER_EVENT_FAILED | 1u << ABINDER_EVENT_DELIVERED | \
	 1u << ABINDER_EVENT_UNANSWERED | 1u << ABINDER_EVENT_DIED)
#define LIVE_RING ((size_t)16 << 20)

struct live {
	struct session *session;
	ABinderConnection *connection; /* NULL: a file */
	struct event_reader *reader;
	FILE *file;       /* NULL: a device */
	const char *name; /* of the file, for messages */
	bool ended;       /* the file was read to its end */
	struct conversations *conversations;
	struct call_words words;
};

/* --pid, --uid and --size of the verb, those that it has; snap: without --size.  An enum
 * exit_status. */
int live_filter(const struct arguments *arguments, size_t snap, ABinderWatchFilter *filter);
/* Opens the device and starts to watch it.  Reports a failure; live_close() in any case. */
int live_open(struct live *live, struct session *session, const ABinderWatchFilter *filter);
/* Opens a file instead, "-" for standard input.  Its calls come from live_drain(). */
int live_open_file(struct live *live, struct session *session, const char *word);
/* Takes all events that are there, or as many as come until *enough. */
int live_drain(struct live *live, conversation_fn *ended, void *cookie, const bool *enough);
/* Waits for at most so long, then drains.  The end of the driver is a failure. */
int live_wait(struct live *live, int timeout_ms, conversation_fn *ended, void *cookie,
	      const bool *enough);
/* A line of the call, or JSON where the verb was asked for it.  Reports a failure. */
int live_show(const struct live *live, const struct conversation *call, FILE *out);
void live_close(struct live *live);

/* Ctrl-C and SIGTERM set this from now on; a second one ends the program. */
void live_catch_signals(void);
bool live_interrupted(void);

#endif
