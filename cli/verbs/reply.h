/* SPDX-License-Identifier: MIT */
/*
 * reply.h: shows what a call was answered.
 *
 * call.c hands over the reply; the result is an enum exit_status, failures
 * (an exception among them) have been reported.
 */
#ifndef CLI_REPLY_H
#define CLI_REPLY_H

#include <binder/ext.h>

#include "cli/value/types.h"
#include "cli/value/sink.h"

struct reply_view {
	const struct value_list *types; /* NULL: guess */
	int type_count;
	const char *title; /* NULL: "reply" */
	bool has_status;   /* the reply begins with an AIDL status */
	bool pasted;       /* it came as text: see inspect.h */
};

/* Reads the AIDL status that a reply begins with; an exception is shown, and EXIT_EXCEPTION. */
int reply_take_status(struct sink *sink, const AParcel *reply);

int reply_show(struct sink *sink, const AParcel *reply, const struct reply_view *view);

/* The answer to a one-way call. */
int reply_sent(struct sink *sink);

#endif
