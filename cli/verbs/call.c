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

#include "cli/complete/complete.h"
#include "cli/verbs/call_method.h"
#include "cli/errors.h"
#include "cli/failure.h"
#include "cli/interface.h"
#include "cli/verbs/reply.h"
#include "cli/value/types.h"
#include "cli/session.h"

struct call {
	struct session *session;
	const struct arguments *arguments;
	struct sink *sink;
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
	const struct arguments *arguments = call->arguments;
	const char *reply = option_value(arguments, "reply");

	call->oneway = option_value(arguments, "oneway");
	if (call->oneway && reply)
		return fail(arguments, EXIT_USAGE, NULL,
			    "--oneway and --reply: a one-way call has no reply");
	if (option_value(arguments, "interface") && option_value(arguments, "no-token"))
		return fail(arguments, EXIT_USAGE, NULL,
			    "--interface and --no-token: expected one of them");
	if (!parse_code(arguments->argv[1], &call->code))
		return fail(
			arguments, EXIT_USAGE, "add, 1, 0x10 or _PNG",
			"code '%s': expected a method's name, a number from 0 to 4294967295, or "
			"_ and three characters",
			arguments->argv[1]);
	if (option_value(arguments, "aidl"))
		return fail(arguments, EXIT_USAGE, NULL,
			    "--aidl goes with a method's name, not with a code");
	call->view.has_status = !option_value(arguments, "no-status");
	if (reply) {
		call->types = value_list_parse(arguments, reply, &call->view.type_count);
		if (!call->types)
			return EXIT_USAGE;
		call->view.types = call->types;
	}
	return EXIT_OK;
}

/* The request's header: what the user said, else what the service says it is. */
static int begin_request(struct call *call)
{
	const char *descriptor = option_value(call->arguments, "interface");
	char *asked = NULL;
	binder_status_t status;

	if (!descriptor && !option_value(call->arguments, "no-token")) {
		int result = interface_ask(call->session, call->service, call->oneway,
					   "--interface DESC, or --no-token", &asked);

		if (result != EXIT_OK)
			return result;
		descriptor = asked;
	}
	status = AIBinder_prepareRaw(call->service, descriptor, &call->request);
	free(asked);
	if (status != STATUS_OK)
		return fail_status(call->arguments, status, call->arguments->argv[0]);
	return EXIT_OK;
}

static int write_arguments(struct call *call)
{
	struct value_place place = {
		.arguments = call->arguments,
		.session = call->session,
		.connection = call->connection,
		.parcel = call->request,
	};

	for (int i = 2; i < call->arguments->argc; i++) {
		int result;

		place.number = i - 1;
		place.word = call->arguments->argv[i];
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
						      session_left(call->session));

	if (status != STATUS_OK)
		return failure_status(call->session, call->connection, status);
	return call->reply ? reply_show(call->sink, call->reply, &call->view) :
			     reply_sent(call->sink);
}

/* As a value it is read from behind the status. */
static void keep_reply(struct call *call)
{
	AStatus *status = NULL;

	AParcel_setDataPosition(call->reply, 0);
	if (call->view.has_status && AParcel_readStatusHeader(call->reply, &status) != STATUS_OK)
		AParcel_setDataPosition(call->reply, 0);
	AStatus_delete(status);
	sink_keep_parcel(call->sink, call->reply);
}

static int call_by_code(struct session *session, const struct arguments *arguments,
			struct sink *sink)
{
	struct call call = { .session = session, .arguments = arguments, .sink = sink };
	int result = parse_options(&call);

	if (result == EXIT_OK)
		result = session_enter(session, &call.connection, &call.service);
	if (result == EXIT_OK)
		result = begin_request(&call);
	if (result == EXIT_OK)
		result = write_arguments(&call);
	if (result == EXIT_OK)
		result = transact(&call);
	AParcel_delete(call.request);
	if (call.reply)
		keep_reply(&call);
	AIBinder_decStrong(call.service);
	session_close(session, call.connection);
	free(call.types);
	return result;
}

static bool is_by_name(const struct arguments *arguments)
{
	const char *word = arguments->argv[1];

	return interface_is_name(word) && !is_reserved(word);
}

/* Wrong words are told before anybody is asked anything: they go into a parcel that is thrown
 * away.  What needs a service or a file is left to the real one. */
static int call_check(const struct arguments *arguments)
{
	struct call call = { .arguments = arguments };
	int result = is_by_name(arguments) ? EXIT_OK : parse_options(&call);

	free(call.types);
	for (int i = 2; i < arguments->argc && result == EXIT_OK && !is_by_name(arguments); i++) {
		struct value_place place = { .arguments = arguments,
					     .number = i - 1,
					     .word = arguments->argv[i] };

		result = value_check(&place, place.word);
	}
	return result;
}

static int run_call(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	return is_by_name(arguments) ? call_method(session, arguments, sink) :
				       call_by_code(session, arguments, sink);
}

static const struct option_spec call_options[] = {
	{ "oneway", 0, NULL, "send and do not wait; there is no reply" },
	{ "interface", 0, "DESC", "interface descriptor to send (default: the service is asked)" },
	{ "no-token", 0, NULL, "send no interface header at all" },
	{ "reply", 0, "TYPES", "read these types from the reply, as in i32,str" },
	{ "no-status", 0, NULL, "the reply does not begin with an AIDL status" },
	OPTION_AIDL,
	OPTION_NO_LIMIT,
	{ 0 },
};

const struct verb verb_call = {
	.name = "call",
	.arguments = "SERVICE METHOD|CODE [ARGUMENT]...",
	.summary = "call a method and show the reply",
	.details =
		"By name, with the AIDL of the service's interface (binderctl methods SERVICE):\n"
		"arguments are plain words, in the method's order or as NAME=VALUE; enums have their\n"
		"names, strings no quotes, an IBinder is the name of a service, a file its path, and\n"
		"null is null.  Structures, arrays, lists and maps are JSON; in it, strings name enums,\n"
		"services and files.  A byte[] may be bytes:HEX or bytes:@FILE.\n"
		"\n"
		"By CODE, a number (1, 0x10) or a reserved one such as _PNG, arguments are TYPE:VALUE,\n"
		"in the order in which the method reads them:\n"
		"  bool:true  byte:-1  char:x  i32:-3  u32:7  i64:-3  u64:7  f32:0.5  f64:0.5\n"
		"  str:TEXT          a string (String16, what AIDL calls String)\n"
		"  str8:TEXT         an 8-bit string\n"
		"  str:@FILE         the text of a file; str:@@TEXT for text that begins with @\n"
		"  binder:SERVICE    the binder registered under a name\n"
		"  fd:PATH           a bare descriptor of a file, opened for reading and writing where\n"
		"                    possible\n"
		"  pfd:PATH          the same as a ParcelFileDescriptor, which is what AIDL sends\n"
		"  bytes:HEX         what AIDL calls byte[]: a count and the bytes; bytes:@FILE\n"
		"  raw:HEX           bytes as they are, padded to a multiple of four; raw:@FILE\n"
		"  i32[]:1,2,3       an array of bool, byte, char, numbers, str or str8; i32[]: is an\n"
		"                    empty one.  In str[] and str8[] write \\, for a comma, \\\\ for a\n"
		"                    backslash and \\e for nothing (str[]:\\e is one empty string)\n"
		"  null              a null binder; null:str a null string; null:i32[] a null array\n"
		"\n"
		"Without --reply the reply is shown as offset, words and text, with what looks like\n"
		"a status, a string, a binder or a descriptor beside it.  With --reply each value is\n"
		"shown with the words that it was read from.",
	.example = "binderctl call compute add 2 3",
	.options = call_options,
	.min_words = 2,
	.max_words = -1,
	.json = true,
	.check = call_check,
	.run = run_call,
	.complete = complete_call,
};
