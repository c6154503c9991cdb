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
#include "cli/verb.h"

struct reply_view {
	const struct value_list *types; /* NULL: guess */
	int type_count;
	const char *title; /* NULL: "reply" */
	bool has_status;   /* the reply begins with an AIDL status */
	bool pasted;       /* it came as text: see inspect.h */
};

/* Reads the AIDL status that a reply begins with; an exception is shown, and EXIT_EXCEPTION. */
int reply_take_status(const struct invocation *invocation, const AParcel *reply);

/* Prints and lets go of it; NULL is a failure. */
int reply_print_json(const struct invocation *invocation, json_t *object);

int reply_show(const struct invocation *invocation, const AParcel *reply,
	       const struct reply_view *view);

#endif
