/* SPDX-License-Identifier: MIT */
/*
 * call_method.h: `binderctl call SERVICE METHOD [ARG...]`, by name.
 *
 * Called by call.c when the second word is a name; an enum exit_status.
 */
#ifndef CLI_CALL_METHOD_H
#define CLI_CALL_METHOD_H

#include <binder/aidl_data.h>

#include "cli/verb.h"

int call_method(struct invocation *invocation);

/* What a method was answered, as text or JSON; reply is a MAP as aidl_reply_read() makes it. */
int call_method_show_reply(const struct invocation *invocation, const struct aidl_method *method,
			   const struct aidl_data *reply);
/* What it was given. */
int call_method_show_request(const struct invocation *invocation, const struct aidl_method *method,
			     const struct aidl_data *arguments);

#endif
