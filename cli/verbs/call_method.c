/* SPDX-License-Identifier: MIT */
/*
 * call_method.c: a call by the name of its method.
 *
 * The service says which interface it has, interface.c finds its AIDL; words
 * become values (data_words.c), values a parcel and the reply values again (the
 * codec of libbinder), and those text (data_text.c) or JSON (data_json.c).
 */
#include "cli/verbs/call_method.h"

#include <stdlib.h>
#include <string.h>

#include "cli/repl/beside.h"
#include "cli/value/data.h"
#include "cli/errors.h"
#include "cli/failure.h"
#include "cli/interface.h"
#include "cli/verbs/reply.h"
#include "cli/session.h"

struct method_call {
	struct invocation *invocation;
	ABinderConnection *connection;
	AIBinder *service;
	char *descriptor; /* malloc()ed */
	struct aidl_library *library;
	const struct aidl_declaration *interface;
	const struct aidl_method *method;
	struct aidl_codec codec;
	struct aidl_data arguments; /* by name */
	struct aidl_data reply;
	AParcel *in, *out;
};

static int check_options(const struct invocation *invocation)
{
	static const char *const raw[] = { "reply", "no-token", "no-status" };

	for (size_t i = 0; i < sizeof(raw) / sizeof(raw[0]); i++)
		if (option_value(invocation, raw[i]))
			return fail(invocation, EXIT_USAGE, "the method's code; binderctl methods",
				    "--%s: a call by name is read and written as the AIDL says",
				    raw[i]);
	return EXIT_OK;
}

/* What the service is, or is said to be. */
static int ask_descriptor(struct method_call *call)
{
	const struct invocation *invocation = call->invocation;
	const char *given = option_value(invocation, "interface");
	int result = EXIT_OK;

	if (given)
		call->descriptor = strdup(given);
	else
		result = interface_ask(invocation, call->service,
				       option_value(invocation, "oneway"), "--interface DESC",
				       &call->descriptor);
	if (result != EXIT_OK)
		return result;
	if (!call->descriptor || !*call->descriptor)
		return fail(invocation, EXIT_OTHER, "--interface DESC",
			    "%s does not say which interface it has", invocation->argv[0]);
	return EXIT_OK;
}

static int find_method(struct method_call *call)
{
	const struct invocation *invocation = call->invocation;
	const char *name = invocation->argv[1];
	int result = interface_expect_aidl(invocation, call->connection, call->descriptor);

	if (result == EXIT_OK)
		result = interface_library(invocation, call->connection, &call->library);
	if (result == EXIT_OK)
		result = interface_find(invocation, call->library, call->descriptor,
					&call->interface);
	if (result == EXIT_NO_SERVICE)
		return interface_missing(invocation, call->library, call->descriptor,
					 "or the method's code instead of its name", NULL);
	if (result != EXIT_OK)
		return result;
	if (call->interface->kind != AIDL_INTERFACE)
		return fail(invocation, EXIT_OTHER, NULL, "%s is no interface", call->descriptor);
	call->method = interface_method(invocation, call->interface, name);
	return call->method ? EXIT_OK : EXIT_USAGE;
}

/* ---- arguments ---------------------------------------------------------------------------- */

/* For an array that only comes out, a length may go in. */
static bool takes_length(const struct aidl_field *argument)
{
	return argument->direction == AIDL_OUT && argument->type->kind == AIDL_ARRAY &&
	       argument->type->size < 0;
}

static const struct aidl_field *argument_named(const struct aidl_method *method, const char *word,
					       size_t length)
{
	const struct aidl_field *argument = method->arguments;

	while (argument &&
	       (strlen(argument->name) != length || strncmp(argument->name, word, length) != 0))
		argument = argument->next;
	return argument;
}

/* The first of those that go in which has no value yet. */
static const struct aidl_field *next_argument(const struct method_call *call)
{
	const struct aidl_field *argument = call->method->arguments;

	while (argument && (!(argument->direction & AIDL_IN) ||
			    aidl_data_get(&call->arguments, argument->name)))
		argument = argument->next;
	return argument;
}

static int take_word(struct method_call *call, const struct aidl_field *argument, const char *word)
{
	static const struct aidl_type integer = { .kind = AIDL_INT, .name = "int", .size = -1 };
	struct data_source source = {
		.invocation = call->invocation,
		.connection = call->connection,
		.library = call->library,
		.interface = call->interface,
		.method = call->method,
		.argument = argument,
		.word = word,
	};
	struct aidl_field length = { .name = argument->name, .type = &integer };
	struct aidl_data *value;

	if (aidl_data_get(&call->arguments, argument->name))
		return data_fail(&source, "given twice");
	if (argument->direction == AIDL_OUT && !takes_length(argument))
		return data_fail(&source, "it only comes out");
	if (takes_length(argument))
		source.argument = &length;
	value = aidl_data_put(&call->arguments, argument->name);
	if (!value)
		return fail(call->invocation, EXIT_OTHER, NULL, "out of memory");
	return data_from_word(&source, value);
}

static int fail_with_signature(const struct method_call *call, int exit_status, const char *message)
{
	char *signature = interface_signature(call->interface, call->method);

	fail(call->invocation, exit_status, signature, "%s: %s", call->method->name, message);
	free(signature);
	return exit_status;
}

static int take_words(struct method_call *call)
{
	aidl_data_set_map(&call->arguments);
	for (int i = 2; i < call->invocation->argc; i++) {
		const char *word = call->invocation->argv[i];
		size_t length = strcspn(word, "=");
		const struct aidl_field *argument = NULL;
		char message[64];
		int result;

		if (word[length])
			argument = argument_named(call->method, word, length);
		if (argument) {
			word += length + 1;
		} else {
			argument = next_argument(call);
			if (!argument) {
				snprintf(message, sizeof(message), "argument %d is one too many",
					 i - 1);
				return fail_with_signature(call, EXIT_USAGE, message);
			}
		}
		result = take_word(call, argument, word);
		if (result != EXIT_OK)
			return result;
	}
	return EXIT_OK;
}

static int write_request(struct method_call *call)
{
	const struct invocation *invocation = call->invocation;
	binder_status_t status = AIBinder_prepareRaw(call->service, call->descriptor, &call->in);

	if (status != STATUS_OK)
		return fail_status(invocation, status, invocation->argv[0]);
	call->codec.library = call->library;
	status = aidl_request_write(&call->codec, call->method, &call->arguments, call->in);
	if (status == STATUS_OK)
		return EXIT_OK;
	if (call->codec.error[0])
		return fail_with_signature(call,
					   status == STATUS_BAD_VALUE ? EXIT_USAGE : EXIT_OTHER,
					   call->codec.error);
	return fail_status(invocation, status, call->method->name);
}

/* ---- the reply ------------------------------------------------------------------------------ */

static int show_json(const struct invocation *invocation, const struct aidl_method *method,
		     const struct aidl_data *reply)
{
	json_t *out = json_object(), *object;

	for (const struct aidl_field *a = method->arguments; a; a = a->next)
		if (a->direction & AIDL_OUT)
			json_object_set_new(out, a->name,
					    data_to_json(aidl_data_get(reply, a->name)));
	object = json_pack("{s:n, s:o}", "exception", "out", out);
	if (object && method->returns->kind != AIDL_VOID)
		json_object_set_new(object, "return", data_to_json(aidl_data_get(reply, "return")));
	return reply_print_json(invocation, object);
}

static void show_argument(const struct aidl_field *argument, const struct aidl_data *values)
{
	printf("%s = ", argument->name);
	data_print(aidl_data_get(values, argument->name), 0, stdout);
	putchar('\n');
}

int call_method_show_reply(const struct invocation *invocation, const struct aidl_method *method,
			   const struct aidl_data *reply)
{
	bool named = false;

	if (invocation->json)
		return show_json(invocation, method, reply);
	for (const struct aidl_field *a = method->arguments; a; a = a->next)
		named |= (a->direction & AIDL_OUT) != 0;
	if (method->returns->kind != AIDL_VOID) {
		fputs(named ? "return = " : "", stdout);
		data_print(aidl_data_get(reply, "return"), 0, stdout);
		putchar('\n');
	}
	for (const struct aidl_field *a = method->arguments; a; a = a->next)
		if (a->direction & AIDL_OUT)
			show_argument(a, reply);
	return EXIT_OK;
}

int call_method_show_request(const struct invocation *invocation, const struct aidl_method *method,
			     const struct aidl_data *arguments)
{
	json_t *in = invocation->json ? json_object() : NULL;

	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		if (!(a->direction & AIDL_IN))
			continue;
		if (in)
			json_object_set_new(in, a->name,
					    data_to_json(aidl_data_get(arguments, a->name)));
		else
			show_argument(a, arguments);
	}
	return in ? reply_print_json(invocation, json_pack("{s:s, s:o}", "method", method->name,
							   "arguments", in)) :
		    EXIT_OK;
}

/* The first of what a Lua proxy returns: the result, else what comes out, else true. */
static json_t *first_value(const struct method_call *call)
{
	const struct aidl_field *argument = call->method->arguments;

	if (call->method->returns->kind != AIDL_VOID)
		return data_to_json(aidl_data_get(&call->reply, "return"));
	while (argument && !(argument->direction & AIDL_OUT))
		argument = argument->next;
	return argument ? data_to_json(aidl_data_get(&call->reply, argument->name)) : json_true();
}

/* The call has been carried out: what it gave is shown, as words where AIDL does not say more. */
static int show_undescribed(const struct method_call *call)
{
	const struct reply_view view = { .has_status = true };

	fail(call->invocation, EXIT_OK, NULL, "%s; shown as a call by code shows it",
	     call->codec.error[0] ? call->codec.error : "AIDL does not describe all of the reply");
	return reply_show(call->invocation, call->out, &view);
}

static int show_reply(struct method_call *call)
{
	int result = reply_take_status(call->invocation, call->out);
	char message[sizeof(call->codec.error) + 40];
	binder_status_t status;

	if (result != EXIT_OK)
		return result;
	status = aidl_reply_read(&call->codec, call->method, call->out, &call->reply);
	if (status == STATUS_INVALID_OPERATION)
		return show_undescribed(call);
	if (status != STATUS_OK) {
		snprintf(message, sizeof(message), "the reply is not what the AIDL says: %s",
			 call->codec.error[0] ? call->codec.error : ABinder_statusName(status));
		return fail_with_signature(call, EXIT_OTHER, message);
	}
	result = call_method_show_reply(call->invocation, call->method, &call->reply);
	if (!call->invocation->json && beside_wanted())
		beside_write(first_value(call));
	return result;
}

static int transact(struct method_call *call)
{
	const struct invocation *invocation = call->invocation;
	bool oneway = call->method->oneway || option_value(invocation, "oneway");
	binder_status_t status = AIBinder_transactRaw(call->service, call->method->code, &call->in,
						      &call->out, oneway ? FLAG_ONEWAY : 0,
						      session_left(invocation));

	if (status != STATUS_OK)
		return failure_status(invocation, call->connection, status);
	if (call->out)
		return show_reply(call);
	puts(invocation->json ? "{\"sent\": true}" : "sent");
	if (beside_wanted())
		beside_write(json_true());
	return EXIT_OK;
}

int call_method(struct invocation *invocation)
{
	struct method_call call = { .invocation = invocation };
	int result = check_options(invocation);

	if (result == EXIT_OK)
		result = session_enter(invocation, &call.connection, &call.service);
	if (result == EXIT_OK)
		result = ask_descriptor(&call);
	if (result == EXIT_OK)
		result = find_method(&call);
	if (result == EXIT_OK)
		result = take_words(&call);
	if (result == EXIT_OK)
		result = write_request(&call);
	if (result == EXIT_OK)
		result = transact(&call);
	aidl_data_clear(&call.arguments);
	aidl_data_clear(&call.reply);
	AParcel_delete(call.in);
	AParcel_delete(call.out);
	aidl_library_free(call.library);
	free(call.descriptor);
	AIBinder_decStrong(call.service);
	ABinderConnection_close(call.connection);
	return result;
}
