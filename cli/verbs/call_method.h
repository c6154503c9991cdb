/* SPDX-License-Identifier: MIT */
/*
 * call_method.h: `binderctl call SERVICE METHOD [ARG...]`, by name.
 *
 * Called by call.c when the second word is a name; an enum exit_status.
 */
#ifndef CLI_CALL_METHOD_H
#define CLI_CALL_METHOD_H

#include <binder/aidl_data.h>

#include "cli/session.h"
#include "cli/value/sink.h"

int call_method(struct session *session, const struct arguments *arguments, struct sink *sink);

/* Shows what a method answered; reply is a MAP as aidl_reply_read() makes it. */
int call_method_show_reply(struct sink *sink, const struct aidl_method *method,
			   const struct aidl_data *reply);
/* Shows what it was given. */
int call_method_show_request(struct sink *sink, const struct aidl_method *method,
			     const struct aidl_data *values);

#endif
