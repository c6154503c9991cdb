/* SPDX-License-Identifier: MIT */
/*
 * call.c: `binderctl call` by code.  Words become a parcel (types.c), the
 * parcel a transaction (libbinder), the reply text (reply.c).  By name it is
 * done in call_method.c.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/verbs/call_method.h"
#include "cli/errors.h"
#include "cli/failure.h"
#include "cli/interface.h"
#include "cli/verbs/reply.h"
#include "cli/value/types.h"
#include "cli/session.h"

struct call {
	const struct invocation *invocation;
	ABinderConnection *connection;
	AIBinder *service;
	AParcel *request;
	AParcel *reply;
	transaction_code_t code;
	bool oneway;
	struct value_list *types;
	struct reply_view view;
};

/* What every object answers to has a code of four such characters. */
static bool is_reserved(const char *text)
{
	return *text == '_' && strlen(text) == 4;
}

/* 1, 0x10, or _PNG. */
static bool parse_code(const char *text, transaction_code_t *ret)
{
	unsigned long value;
	char *end;

	if (is_reserved(text)) {
		*ret = SESSION_CODE(text[0], text[1], text[2], text[3]);
		return true;
	}
	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	value = strtoul(text, &end, text[0] == '0' && (text[1] | 32) == 'x' ? 16 : 10);
	if (errno || *end || value > UINT32_MAX)
		return false;
	*ret = value;
	return true;
}

static int parse_options(struct call *call)
{
	const struct invocation *invocation = call->invocation;
	const char *reply = option_value(invocation, "reply");

	call->oneway = option_value(invocation, "oneway");
	if (call->oneway && reply)
		return fail(invocation, EXIT_USAGE, NULL,
			    "--oneway and --reply: a one-way call has no reply");
	if (option_value(invocation, "interface") && option_value(invocation, "no-token"))
		return fail(invocation, EXIT_USAGE, NULL,
			    "--interface and --no-token: expected one of them");
	if (!parse_code(invocation->argv[1], &call->code))
		return fail(
			invocation, EXIT_USAGE, "add, 1, 0x10 or _PNG",
			"code '%s': expected a method's name, a number from 0 to 4294967295, or "
			"_ and three characters",
			invocation->argv[1]);
	if (option_value(invocation, "aidl"))
		return fail(invocation, EXIT_USAGE, NULL,
			    "--aidl goes with a method's name, not with a code");
	call->view.has_status = !option_value(invocation, "no-status");
	if (reply) {
		call->types = value_list_parse(invocation, reply, &call->view.type_count);
		if (!call->types)
			return EXIT_USAGE;
		call->view.types = call->types;
	}
	return EXIT_OK;
}

/* The request's header: what the user said, else what the service says it is. */
static int begin_request(struct call *call)
{
	const char *descriptor = option_value(call->invocation, "interface");
	char *asked = NULL;
	binder_status_t status;

	if (!descriptor && !option_value(call->invocation, "no-token")) {
		int result = interface_ask(call->invocation, call->service, call->oneway,
					   "--interface DESC, or --no-token", &asked);

		if (result != EXIT_OK)
			return result;
		descriptor = asked;
	}
	status = AIBinder_prepareRaw(call->service, descriptor, &call->request);
	free(asked);
	if (status != STATUS_OK)
		return fail_status(call->invocation, status, call->invocation->argv[0]);
	return EXIT_OK;
}

static int write_arguments(struct call *call)
{
	struct value_place place = {
		.invocation = call->invocation,
		.connection = call->connection,
		.parcel = call->request,
	};

	for (int i = 2; i < call->invocation->argc; i++) {
		int result;

		place.number = i - 1;
		place.word = call->invocation->argv[i];
		result = value_write(&place, place.word);
		if (result != EXIT_OK)
			return result;
	}
	return EXIT_OK;
}

static int transact(struct call *call)
{
	binder_status_t status = AIBinder_transactRaw(call->service, call->code, &call->request,
						      &call->reply, call->oneway ? FLAG_ONEWAY : 0,
						      session_left(call->invocation));

	if (status != STATUS_OK)
		return failure_status(call->invocation, call->connection, status);
	if (!call->reply) {
		if (call->invocation->json)
			puts("{\"sent\": true}");
		else
			puts("sent");
		return EXIT_OK;
	}
	return reply_show(call->invocation, call->reply, &call->view);
}

static int call_by_code(struct invocation *invocation)
{
	struct call call = { .invocation = invocation };
	int result = parse_options(&call);

	if (result == EXIT_OK)
		result = session_enter(invocation, &call.connection, &call.service);
	if (result == EXIT_OK)
		result = begin_request(&call);
	if (result == EXIT_OK)
		result = write_arguments(&call);
	if (result == EXIT_OK)
		result = transact(&call);
	AParcel_delete(call.request);
	AParcel_delete(call.reply);
	AIBinder_decStrong(call.service);
	ABinderConnection_close(call.connection);
	free(call.types);
	return result;
}

static bool is_by_name(const struct invocation *invocation)
{
	const char *word = invocation->argv[1];

	return interface_is_name(word) && !is_reserved(word);
}

/* Wrong words are told before anybody is asked anything: they go into a parcel that is thrown
 * away.  What needs a service or a file is left to the real one. */
int call_check(const struct invocation *invocation)
{
	struct call call = { .invocation = invocation };
	int result = is_by_name(invocation) ? EXIT_OK : parse_options(&call);

	free(call.types);
	for (int i = 2; i < invocation->argc && result == EXIT_OK && !is_by_name(invocation); i++) {
		struct value_place place = { .invocation = invocation,
					     .number = i - 1,
					     .word = invocation->argv[i] };

		result = value_check(&place, place.word);
	}
	return result;
}

int verb_call(struct invocation *invocation)
{
	return is_by_name(invocation) ? call_method(invocation) : call_by_code(invocation);
}
