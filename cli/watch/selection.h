/* SPDX-License-Identifier: MIT */
/*
 * selection.h: which calls a verb shows: the options that all verbs that watch have.
 *
 * What the driver can choose is in the filter of the watch; the rest is known when a call has
 * ended.
 */
#ifndef CLI_WATCH_SELECTION_H
#define CLI_WATCH_SELECTION_H

#include "cli/verb.h"
#include "cli/watch/call_words.h"

struct selection {
	const struct arguments *arguments; /* argv from first_name on names services; none: all */
	int first_name;
	bool offline; /* no driver chooses by pid and uid */
	ABinderWatchFilter filter;
	const char *match;
	bool failed_only;
	double slower_ms; /* < 0: all */
	long long limit;  /* calls; < 0: none */
};

/* Rows of a verb's options. */
#define SELECTION_OPTIONS \
	{ "pid", 0, "PID", "only calls from or to this process" }, \
		{ "uid", 0, "UID", "only calls from or to processes of this user" }, \
		{ "match", 0, "PATTERN", "only these targets, as in 'media.*.create*'" }, \
		{ "failed", 0, NULL, \
		  "only calls that failed, or were answered with an exception" }, \
		{ "slower-than", 0, "MS", "only calls that took at least so many milliseconds" }, \
	{ \
		"limit-messages", 0, "N", "end after N calls" \
	}
#define OPTION_SIZE \
	{ \
		"size", 0, "BYTES", "how much of each payload is read (default: 4096)" \
	}

/* Reads those options.  An enum exit_status; failures have been reported. */
int selection_read(struct selection *selection, const struct arguments *arguments);

/* Does it depend on how a call ends, or on what is known only by then? */
bool selection_needs_end(const struct selection *selection);
/* Is that call wanted?  words: as for call_print(). */
bool selection_wants(const struct selection *selection, const struct call_words *words,
		     const struct conversation *call);

#endif
