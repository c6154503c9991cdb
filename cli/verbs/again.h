/* SPDX-License-Identifier: MIT */
/*
 * again.h: a verb that shows its answer again and again, with --watch.
 */
#ifndef CLI_AGAIN_H
#define CLI_AGAIN_H

#include "cli/session.h"
#include "cli/value/sink.h"

/* Shows the answer once: an enum exit_status. */
typedef int (*again_once)(struct session *session, struct sink *sink, void *cookie);

/*
 * With --watch, until it fails, Ctrl-C or --timeout, every --interval seconds; on a terminal each
 * answer takes the place of the one before it.  Without, once.  What once() returned last.
 */
int again_run(struct session *session, struct sink *sink, again_once once, void *cookie);

#define OPTION_WATCH \
	{ "watch", 'w', NULL, "show it again and again, until Ctrl-C or --timeout" }, \
	{ \
		"interval", 'i', "SECONDS", "with --watch: how often (default: 1)" \
	}

#endif
