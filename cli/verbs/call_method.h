/* SPDX-License-Identifier: MIT */
/*
 * call_method.h: `binderctl call SERVICE METHOD [ARG...]`, by name.
 *
 * Called by call.c when the second word is a name; an enum exit_status.
 */
#ifndef CLI_CALL_METHOD_H
#define CLI_CALL_METHOD_H

#include "cli/verb.h"

int call_method(struct invocation *invocation);

#endif
